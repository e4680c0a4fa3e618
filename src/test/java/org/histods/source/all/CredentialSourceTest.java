package org.histods.source.all;

import org.histods.source.manual.ManualStepsTest;

final class CredentialSourceTest extends ManualStepsTest {

    @Override
    public String kind() {
        return "credential";
    }
}
