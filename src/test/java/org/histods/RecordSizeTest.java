package org.histods;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import org.histods.testing.ProgramClasses;
import org.junit.jupiter.api.Test;

/** A record with many components is hard to read and to construct: it has nested records for what belongs together. */
final class RecordSizeTest {

    private static final int MOST = 10;

    @Test
    void records_haveFewComponents() {
        List<String> large = ProgramClasses.ALL.stream()
                .filter(JavaClass::isRecord)
                .map(JavaClass::reflect)
                .filter(type -> type.getRecordComponents().length > MOST)
                .map(type -> type.getName() + ": " + type.getRecordComponents().length)
                .toList();
        assertEquals(List.of(), large);
    }
}
