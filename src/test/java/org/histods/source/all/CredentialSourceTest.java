package org.histods.source;

final class CredentialSourceTest extends PersonSourceTest {

    @Override
    String kind() {
        return "credential";
    }
}
