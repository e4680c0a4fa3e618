package org.histods.source;

final class ManualSourceTest extends PersonSourceTest {

    @Override
    String kind() {
        return "manual";
    }
}
