package org.histods.source.manual;

final class ManualSourceTest extends ManualStepsTest {

    @Override
    public String kind() {
        return "manual";
    }
}
