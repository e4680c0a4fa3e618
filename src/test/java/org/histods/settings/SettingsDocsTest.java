package org.histods.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.credentials.LoginService;
import org.histods.source.all.Sources;
import org.histods.testing.DocsTable;
import org.histods.testing.EchoingHosts;
import org.histods.testing.ProgramRunner;
import org.histods.transport.HostPolicies;
import org.histods.transport.HostPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code docs/settings.md} agrees with the program, and the settings have the documented effect. */
class SettingsDocsTest {

    @TempDir
    Path home;

    private ProgramRunner histods;

    @BeforeEach
    void setUp() throws IOException {
        histods = new ProgramRunner(home, Path.of("manifests"));
        Files.createDirectories(home.resolve(".config/histods"));
    }

    @Test
    void tableOfHosts_isThatOfTheProgram() throws IOException {
        List<String> expected = new ArrayList<>();
        HostPolicies policies = Sources.policies();
        for (Map.Entry<String, HostPolicy> entry : policies.table().entrySet()) {
            expected.add("`" + entry.getKey() + "`" + shown(entry.getValue()));
        }
        expected.add("any other" + shown(policies.of("nobody.example")));
        List<String> documented = DocsTable.rows("settings.md", "| host | connections").stream()
                .map(row -> row.replaceFirst("^\\| (.*?\\|.*?\\|.*?\\|.*?)\\|.*", "$1")
                        .strip())
                .toList();
        assertEquals(expected, documented);
    }

    private static String shown(HostPolicy policy) {
        String often = policy.requestsPerMinute() == 0 ? "any" : Integer.toString(policy.requestsPerMinute());
        return " | " + policy.connections() + " | " + often + " | " + policy.segments();
    }

    @Test
    void tableOfLogins_isThatOfTheProgram() throws IOException {
        List<List<String>> expected = new ArrayList<>();
        for (LoginService service : Sources.loginServices()) {
            List<String> words = new ArrayList<>(List.of(service.name()));
            words.addAll(service.hosts());
            String scheme = service.scheme().scheme();
            words.add(service.scheme().header() + ": " + (scheme.isEmpty() ? "" : scheme + " ") + "…");
            words.addAll(service.places());
            expected.add(words);
        }
        assertEquals(
                expected,
                DocsTable.rows("settings.md", "| `histods login` | sent to").stream()
                        .map(DocsTable::quoted)
                        .toList());
    }

    @Test
    void help_namesEveryShortName() {
        String help = histods.run("login", "--help").out().replaceAll("\\s+", " ");
        Sources.loginServices().forEach(service -> assertTrue(help.contains(service.name()), help));
    }

    private ProgramRunner.Result doctor(String settings) throws IOException {
        Files.writeString(home.resolve(".config/histods/config.yaml"), settings);
        return histods.run("doctor");
    }

    @Test
    void doctor_namesLoginsAndHostsOfTheSettings() throws IOException {
        histods.with("HF_TOKEN", "s3cr3t-0f-somebody");
        ProgramRunner.Result result = doctor("hosts: { zenodo.org: { connections: 1, user-agent: \"my-lab/1.0\" } }\n");
        assertTrue(result.out().contains("huggingface.co (HF_TOKEN)"), result.out());
        assertTrue(result.out().contains("limits from the settings: zenodo.org"), result.out());
        assertFalse((result.out() + result.err()).contains("s3cr3t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zenodo.org: { connections: 0 }            | zenodo.org: invalid limits: 0 connections",
                "zenodo.org: { segments: -1 }              | zenodo.org: invalid limits",
                "zenodo.org: { requests-per-minute: -1 }   | zenodo.org: invalid limits",
                "zenodo.org: { user-agent: \"läb/1\" }    | zenodo.org: a user agent may hold visible",
                "'https://zenodo.org': { connections: 1 }  | https://zenodo.org: not a host name"
            })
    void impossibleSetting_isNamed(String host, String what) throws IOException {
        ProgramRunner.Result result = doctor("hosts: { " + host + " }\n");
        assertTrue(result.out().contains("BAD  hosts"), result.out() + result.err());
        assertTrue(result.out().contains(what), result.out() + result.err());
        ProgramRunner.Result pull = histods.run("pull", "mbm", "--dry-run", "--offline");
        assertEquals(2, pull.exit(), pull.err());
        assertTrue(pull.err().contains(what), pull.err());
    }

    @Test
    void eachOfTheFour_isOverridden() throws Exception {
        try (EchoingHosts hosts = new EchoingHosts()) {
            Files.writeString(
                    home.resolve(".config/histods/config.yaml"),
                    "hosts: { \"*.example\": { user-agent: \"my-lab/1.0\", connections: 1, requests-per-minute: 0,"
                            + " segments: 2 } }\n");
            Path manifest = Files.writeString(home.resolve("m.yaml"), """
                    id: one
                    title: One
                    version: "1"
                    license: {}
                    access: { status: open }
                    sources:
                      - { kind: http, official: true, files: [{ path: a.bin, at: "https://a.example/data" }] }
                    """);
            ProgramRunner.Result result = histods.run("pull", manifest.toString(), "--route", hosts.route());
            assertEquals(0, result.exit(), result.err());
            HostPolicies read = Settings.read(home.resolve(".config/histods/config.yaml"))
                    .network()
                    .policies(Sources.policies());
            assertEquals(new HostPolicy(1, 0, 2, "my-lab/1.0"), read.of("a.example"));
            assertEquals(Sources.policies().of("zenodo.org"), read.of("zenodo.org"));
            assertEquals("my-lab/1.0", hosts.requested().get(0).headers().get("user-agent"));
        }
    }
}
