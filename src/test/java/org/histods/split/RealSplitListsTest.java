package org.histods.split;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.PathPattern;
import org.histods.manifest.PatientRule;
import org.histods.problem.Problem;
import org.histods.split.SplitReport.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists and tables of splits as programs and people write them, on slides 1001, 1002 and 1009 of as many patients. */
final class RealSplitListsTest {

    private static final List<String> SLIDES = List.of("slides/1001.svs", "slides/1002.svs", "slides/1009.svs");
    private static final String ID = "([^/]*/)*(?<id>[^/]+)\\.[a-z0-9]+";

    @TempDir
    Path folder;

    /** The result of checking these files of the test's folder against a dataset. */
    private SplitReport check(List<String> dataset, String patient, String... arguments) throws Exception {
        Map<FilePath, Checksum> files = new TreeMap<>();
        for (String path : dataset) {
            files.put(new FilePath(path), new Checksum(Algorithm.SHA256, String.format("%064x", files.size() + 1)));
        }
        PatientRule rule = new PatientRule(PathPattern.of(patient), "patient", List.of(), null);
        SplitCheck check = new SplitCheck(files, Patients.of(rule), "patient");
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = argument.substring(equals + 1);
            String split = equals < 0 ? null : argument.substring(0, equals);
            check.add(
                    new SplitFile(split, folder.resolve(name), name).read(SplitTable.Columns.NONE), file -> List.of());
        }
        return check.report();
    }

    private SplitReport slides(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
        return check(SLIDES, ID, name);
    }

    /** The report on a list that puts 1001 and 1002 into train, 1009 into test. */
    private static void assertApart(SplitReport report) {
        assertEquals(Verdict.APART, report.verdict(), report.toString());
        assertEquals(
                List.of("train 2", "test 1"),
                report.splits().stream().map(s -> s.name() + " " + s.files()).toList());
    }

    /** The report on a list that has 1009 in train and test. */
    private static void assertLeak(SplitReport report) {
        assertEquals(Verdict.NOT_APART, report.verdict(), report.toString());
        assertEquals("slides/1009.svs", report.leaks().files().get(0).what());
    }

    private String refused(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
        Problem problem = assertThrows(Problem.class, () -> check(SLIDES, ID, name));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        return problem.message();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // CLAM's splits_0_bool.csv, and the same by other programs
                ",train,val,test\n1001,True,False,False\n1002,True,False,False\n1009,False,False,True\n",
                "slide_id,train,test\n1001,TRUE,FALSE\n1002,TRUE,FALSE\n1009,FALSE,TRUE\n",
                "Slide ID,label,is_train,is_test\n1001,a,1,0\n1002,b,1,0\n1009,a,0,1\n",
                "Unnamed: 0,train,test\n1001.svs,1.0,0.0\n1002.svs,1.0,0.0\n1009.svs,0.0,1.0\n",
                "wsi,train,test\n1001,x,\n1002,x,\n1009,,x\n",
                "filename;train;test\n1001.h5;yes;no\n1002.h5;yes;no\n1009.h5;no;yes\n",
                // CLAM's splits_0.csv
                ",train,val,test\n0,1001,,1009\n1,1002,,\n",
                // a column for the split
                "sep=;\nSlide ID;Split\n1001;train\n1002;train\n1009;test\n",
                "SEP=;\nSlide ID;Split\n1001;train\n1002;train\n1009;test\n",
                "sep=\\t\r\nslide_id\tset\r\n1001\ttrain\r\n1002\ttrain\r\n1009\ttest\r\n",
                "\"sep=|\"\nslide_id|set\n1001|Train\n1002|train\n1009|TEST\n",
                "path\tsplit\nslides/1001.svs\ttrain\nslides/1002.svs\ttrain\nslides/1009.svs\ttest\n",
                "\"Slide-ID\";\"note, free\";\"split\"\n1001;\"a, b\";train\n1002;;train\n1009;;test\n",
                "case_id,slide_id,fold\np1,1001,train\np2,1002,train\np3,1009,test\n",
                "\n\n path , split \n slides/1001.svs , train \n slides\\1002.svs , train \n ./slides/1009.svs , test \n",
                "slides/1001.svs,train\nslides/1002.svs,train\nslides/1009.svs,test\n",
                "train;1001\ntrain;1002\ntest;1009\n",
            })
    void splitTable_isRead_whoeverWroteIt(String text) throws Exception {
        SplitReport report = slides("s.csv", text);
        assertEquals(Verdict.APART, report.verdict(), report.toString());
        Map<String, Long> sizes = new TreeMap<>();
        report.splits().forEach(s -> sizes.put(s.name(), s.files()));
        assertEquals(Map.of("train", 2L, "test", 1L), sizes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",train,val,test\n1001,True,False,False\n1009,True,False,True\n",
                "slide_id,label,train,test\n1001,0,1,0\n1009,1,1,1\n",
                "sep=;\nSlide ID;Split\n1009;train\n1009;test\n",
                "Slide ID\tSplit\n1009\ttrain\n1009\ttest\n",
                "\"a, b\";slide;split\n1;1009;train\n2;1009;test\n",
                "0,train,test\n0,1009,\n1,,1009\n",
                "image,is_train\n1009,True\n1009,False\n",
            })
    void leakInATable_isSeen_whoeverWroteIt(String text) throws Exception {
        assertLeak(slides("s.csv", text));
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-8,''",
        "UTF-16LE,''",
        "UTF-16BE,''",
        "UTF-8,\ufeff",
        "UTF-16LE,\ufeff",
        "UTF-16BE,\ufeff",
        "UTF-32LE,\ufeff"
    })
    void splitTableFromExcel_isRead_inEveryUnicodeEncoding(String charset, String mark) throws Exception {
        String text = mark + "slide_id\tsplit\r\n1001\ttrain\r\n1002\ttrain\r\n1009\ttest\r\n1009\ttrain\r\n";
        for (String name : List.of("s.csv", "s.txt", "s.tsv")) {
            Files.write(folder.resolve(name), text.getBytes(Charset.forName(charset)));
            assertLeak(check(SLIDES, ID, name));
        }
    }

    @Test
    void listInLatin1_isRead_andTheGuessIsReported() throws Exception {
        Files.write(folder.resolve("train.txt"), "Dr\u00fcse_1.svs\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("test.txt"), "Dr\u00fcse_1.svs\n");
        SplitReport report = check(List.of("Dr\u00fcse_1.svs"), ID, "train.txt", "test.txt");
        assertEquals(Verdict.NOT_APART, report.verdict());
        assertEquals(List.of("train.txt does not say its encoding, and was read as Windows-1252"), report.notes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\r\n"})
    void splitListFromOldExcel_doesNotHideALeak(String end) throws Exception {
        Files.writeString(folder.resolve("train.txt"), String.join(end, SLIDES));
        Files.writeString(folder.resolve("test.txt"), "slides/1009.svs\n");
        assertLeak(check(SLIDES, ID, "train.txt", "test.txt"));
    }

    @Test
    void listWithMixedLineEnds_doesNotHideALeak() throws Exception {
        Files.writeString(
                folder.resolve("train.txt"), "\r\nslides/1001.svs\rslides/1009.svs\n\"slides/1002.svs\"\r\n\r");
        Files.writeString(folder.resolve("test.txt"), "1009");
        assertLeak(check(SLIDES, ID, "train.txt", "test.txt"));
    }

    /** Only the last name would be found at the end of such a line, and the others be lost. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "slides/1009.svs slides/1001.svs",
                "slides/1009.svs, slides/1001.svs",
                "slides/1009.svs;slides/1001.svs",
                "slides/1009.svs\u2026slides/1001.svs",
                "slides/1009.svsslides/1001.svs",
                "/data/slides/1009.svs/data/slides/1001.svs",
                "slides/1009 slides/1001",
                "/data/1009.svs /data/1001.svs",
                "s3://b/slides/1009.svs s3://b/slides/1001.svs",
                "C:\\slides\\1009.svs C:\\slides\\1001.svs",
                "slides/1009.svs 1 slides/1001.svs",
            })
    void lineWithSeveralNames_doesNotHideALeak(String line) throws Exception {
        for (String name : List.of("train.txt", "train.json")) {
            boolean json = name.endsWith("json");
            Files.writeString(folder.resolve(name), json ? "[\"" + line.replace("\\", "\\\\") + "\"]" : line + "\n");
            Files.writeString(folder.resolve("test.txt"), "slides/1009.svs\n");
            SplitReport report = check(SLIDES, ID, "train=" + name, "test.txt");
            assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
            assertEquals(1, report.unchecked().missing().size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/my slides, 2021/1009.svs",
                "C:\\my slides\\slides\\1009.svs",
                "https://host.example/a b/slides/1009.svs",
                "/data/features.h5/1009.svs",
                "/data/1.png.tiles/1009.svs",
                "\ufeffslides/1009.svs\u00a0\u200b",
            })
    void pathWithSpacesAndDotsInItsFolders_isThatFile(String line) throws Exception {
        Files.writeString(folder.resolve("train.txt"), "1001\n" + line + "\n");
        Files.writeString(folder.resolve("test.txt"), "slides/1009.svs\n");
        assertLeak(check(SLIDES, ID, "train.txt", "test.txt"));
    }

    @Test
    void emptyListOfASplit_isNotPassedOver() throws Exception {
        Files.writeString(folder.resolve("train.txt"), "1001\n");
        Files.writeString(folder.resolve("test.txt"), "1002\n");
        Files.writeString(folder.resolve("val.txt"), "\n");
        Files.writeString(folder.resolve("val.csv"), "slide\n");
        for (String val : List.of("val=val.txt", "val=val.csv")) {
            SplitReport report = check(SLIDES, ID, "train=train.txt", "test=test.txt", val);
            assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
            assertTrue(report.unchecked().reasons().contains("the split val has no file of the dataset"));
        }
        assertEquals(
                Verdict.NOT_PROVEN,
                slides("s.json", "{\"train\": [1001], \"test\": [1002], \"val\": []}")
                        .verdict());
    }

    @Test
    void slideWhoseNameBeginsWithAHash_isNoComment() throws Exception {
        Files.writeString(folder.resolve("train.txt"), "# mine\n#7\n");
        Files.writeString(folder.resolve("test.txt"), "slides/#7.svs\n");
        SplitReport report = check(List.of("slides/#7.svs", "slides/8.svs"), ID, "train.txt", "test.txt");
        assertEquals(Verdict.NOT_APART, report.verdict(), report.toString());
        assertEquals(List.of("1 line beginning with # taken as a comment"), report.notes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slide_id,train,test,test2\n1001,True,False,True\n1009,False,True,False\n",
                "slide_id,train,test,external_test\n1001,1,0,1\n1009,0,1,0\n",
                "slide_id,train,test,test.1\n1001,1,0,1\n1009,0,1,0\n",
                "slide_id,train,test,reader study\n1001,True,False,True\n1009,False,True,False\n",
            })
    void furtherColumnOfYesAndNo_isNotPassedOver(String text) throws Exception {
        SplitReport report = slides("s.csv", text);
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        assertTrue(report.unchecked().reasons().get(0).contains("was not read; is it a split?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slide_id;train;test\n1001;WAHR;FALSCH\n1002;WAHR;FALSCH\n1009;FALSCH;WAHR\n",
                "slide_id;train;test\n1001;VRAI;FAUX\n1002;VRAI;FAUX\n1009;FAUX;VRAI\n",
                "slide_id,train,test\n1001,x,-\n1002,x,-\n1009,-,x\n",
                "slide_id,label,train,test\n1001,1,1,0\n1002,1,1,0\n1009,0,0,1\n",
                // numbers of pandas in columns with empty cells
                ",train,val,test\n0,1001.0,,1009.0\n1,1002.0,,\n",
            })
    void tableOfASpreadsheetInAnotherLanguage_isRead(String text) throws Exception {
        assertApart(slides("s.csv", text));
    }

    @Test
    void patientWhoseIdIsTheNameOfAnImageOfAnother_isThePatient() throws Exception {
        List<String> dataset = List.of("7/1.png", "7/2.png", "3/7.png", "3/1.png", "5/9.png");
        String rule = "^(?<id>[0-9]+)/";
        Files.writeString(folder.resolve("s.csv"), "patient_id,split\n7,train\n3,test\n");
        SplitReport report = check(dataset, rule, "s.csv");
        assertEquals(Verdict.APART, report.verdict(), report.toString());
        assertEquals(List.of("5/9.png"), report.unlisted());
        Files.writeString(folder.resolve("s.csv"), "patient_id,split\n9,train\n3,test\n");
        assertEquals(
                List.of("9 (s.csv:2)"),
                check(dataset, rule, "s.csv").unchecked().missing());
        Files.writeString(folder.resolve("train.txt"), "7\n");
        Files.writeString(folder.resolve("test.txt"), "5/9.png\n");
        assertEquals(
                List.of("7 (train.txt:1)"),
                check(List.of("7/1.png", "3/7.png", "5/9.png"), rule, "train.txt", "test.txt")
                        .unchecked()
                        .ambiguous());
    }

    @Test
    void tableOfACrossValidation_isNotCalledALeak() throws Exception {
        assertTrue(refused("s.csv", "fold,slide_id,split\n0,1001,train\n0,1002,test\n1,1002,train\n1,1001,test\n")
                .contains("is not one split but several"));
        Files.createDirectories(folder.resolve("cv/fold0/train"));
        Files.createDirectories(folder.resolve("cv/fold0/test"));
        Files.createDirectories(folder.resolve("cv/fold1/train"));
        Files.createDirectories(folder.resolve("cv/fold1/test"));
        Problem problem = assertThrows(Problem.class, () -> check(SLIDES, ID, "cv"));
        assertEquals("cv has the splits test, train below fold0", problem.message());
        assertTrue(String.valueOf(problem.hint()).contains("cv/fold0"), problem.hint());
    }

    @Test
    void splitOfAnEntryThatIsNotThatOfItsList_isNotPassedOver() throws Exception {
        SplitReport report = slides(
                "s.json", "{\"train\": [{\"image\": 1001, \"split\": \"test\"}], \"test\": [{\"image\": 1009}]}");
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        Files.writeString(folder.resolve("all.csv"), "slide,split\n1001,train\n1002,test\n");
        Files.writeString(folder.resolve("test.txt"), "1009\n");
        report = check(SLIDES, ID, "train=all.csv", "test.txt");
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        assertEquals(
                "all.csv:3: the column 'split' says 'test', and the file is given as the list of 'train'",
                report.unchecked().reasons().get(0));
    }

    @Test
    void datasetJsonOfMonai_isRead() throws Exception {
        String json = "{\"name\": \"x\", \"labels\": {\"0\": \"background\"}, \"numTraining\": 2, \"training\": ["
                + "{\"image\": \"./slides/1001.svs\", \"label\": \"./labels/1001.nii\", \"fold\": 0},"
                + "{\"image\": \"./slides/1002.svs\", \"label\": \"./labels/1002.nii\", \"fold\": 1}],"
                + " \"test\": [\"./slides/%s.svs\"]}";
        SplitReport report = slides("s.json", String.format(json, "1009"));
        assertEquals(Verdict.APART, report.verdict(), report.toString());
        assertEquals(
                List.of(
                        "s.json: fields that describe the dataset were not read: name, labels, numTraining",
                        "s.json: read the column 'image'"),
                report.notes());
        assertEquals(
                Verdict.NOT_APART, slides("s.json", String.format(json, "1002")).verdict());
    }

    /** Removing blanks at the end by a regular expression would try each of them as the beginning. */
    @Test
    void lineWithAMillionBlanksInTheMiddle_isRefusedInOneShortLine() throws Exception {
        String message = refused("train.txt", "slides/1001.svs" + " ".repeat(1_000_000) + "x\n");
        assertTrue(message.contains("longer than any path"), message);
        assertTrue(message.length() < 300, message);
    }

    @Test
    void lineOfAHundredMegabytes_isRefusedInOneShortLine() throws Exception {
        Files.writeString(folder.resolve("s.txt"), "1001 ".repeat(20_000_000));
        Problem problem = assertThrows(Problem.class, () -> check(SLIDES, ID, "train=s.txt"));
        assertTrue(problem.message().startsWith("s.txt:1: the name '1001 1001 "), problem.message());
        assertTrue(problem.message().length() < 200, problem.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0007", "\u000b", "\u000c", "\u001b[2K", "\u0085", "\u2028", "\t"})
    void controlCharacterInAList_isRefused(String between) throws Exception {
        assertTrue(refused("train.txt", "slides/1001.svs" + between + "slides/1009.svs\n")
                .matches("(?s)train.txt(:1: the name .* has a control character| is a binary file, not text)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // a slide that is not there is not another one of the same beginning
                "A.1.svs B.1.svs C.1.svs|A.7.svs",
                "A.1.svs B.1.svs|A.7",
                "1.2.840.1 1.2.840.2|1.2.840.3",
                "1.2.840.1.dcm 1.2.840.2.dcm|1.2.840.3.dcm",
                "P1.HE P2.HE|P1.IHC",
                "P1.HE.svs P2.HE.svs|P1.IHC.svs",
                "H21.00001.1A.svs H21.00001.1B.svs|H21.00001.1C.svs",
                "S1.v2.svs S2.svs|S1.v1.svs",
                "2023-03-06_23.51.44.ndpi x.ndpi|2023-03-06_23.51.45.ndpi",
                "p1/slide.svs p2/wsi.svs|1002.svs",
            })
    void listedSlideThatIsNotThere_isNeverTakenForAnother(String dataset, String listed) throws Exception {
        List<String> files = List.of(dataset.split(" "));
        Files.writeString(folder.resolve("train.txt"), listed + "\n");
        Files.writeString(folder.resolve("test.txt"), files.get(1) + "\n");
        SplitReport report = check(files, "(?<id>.+)", "train.txt", "test.txt");
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        assertEquals(List.of(listed + " (train.txt:1)"), report.unchecked().missing());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "H21.00001.1A.svs|H21.00001.1A",
                "H21.00001.1A.svs|H21.00001.1A.h5",
                "H21.00001.1A.svs|features/H21.00001.1A.svs.pt",
                "1.2.840.113.1.dcm|1.2.840.113.1",
                "2023-03-06 23.51.44.ndpi|2023-03-06 23.51.44",
                "TCGA-A7-A13E-01Z-00-DX1.f00d.svs|TCGA-A7-A13E-01Z-00-DX1",
                "a.ome.tiff|a.png",
                "A.SVS|A.svs",
                "S 1.svs|C:\\data\\S 1.svs",
                "x/S1.svs|s3://bucket/x/S1.svs",
                "#7.svs|#7.svs",
            })
    void slideWithDotsInItsName_isFound(String there, String listed) throws Exception {
        Files.writeString(folder.resolve("train.txt"), "# mine\n" + listed + "\n");
        Files.writeString(folder.resolve("test.txt"), "other.svs\n");
        SplitReport report =
                check(List.of(there, "other.svs", "H21.00001.1B.svs"), "(?<id>.+)", "train.txt", "test.txt");
        assertEquals(Verdict.APART, report.verdict(), report.toString());
        assertEquals(List.of("H21.00001.1B.svs"), report.unlisted());
    }

    @Test
    void nameInAFolderOfAnotherPatient_isNotTheListedFile() throws Exception {
        Files.writeString(folder.resolve("s.csv"), "path,split\np7/slide.svs,train\np2/wsi.svs,test\n");
        SplitReport report = check(List.of("p1/slide.svs", "p2/wsi.svs"), "(?<id>p[0-9]+)/", "s.csv");
        assertEquals(List.of("p7/slide.svs (s.csv:2)"), report.unchecked().missing());
        assertEquals(Verdict.NOT_PROVEN, report.verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NFC", "NFD"})
    void nameInAnotherUnicodeForm_isFound_andReported(String form) throws Exception {
        Normalizer.Form listed = Normalizer.Form.valueOf(form);
        Normalizer.Form there = form.equals("NFC") ? Normalizer.Form.NFD : Normalizer.Form.NFC;
        List<String> dataset = new ArrayList<>();
        for (String name : List.of("Gewebe/Dr\u00fcse_1.svs", "Gewebe/Dr\u00fcse_2.svs")) {
            dataset.add(Normalizer.normalize(name, there));
        }
        for (String name : List.of("Dr\u00fcse_1", "Gewebe/Dr\u00fcse_1.svs", "Dr\u00fcse_1.h5")) {
            Files.writeString(folder.resolve("train.txt"), Normalizer.normalize(name, listed));
            Files.writeString(folder.resolve("test.txt"), dataset.get(0));
            SplitReport report = check(dataset, ID, "train.txt", "test.txt");
            assertEquals(Verdict.NOT_APART, report.verdict(), name);
            assertEquals(List.of("1 name matched in another Unicode form (NFC or NFD)"), report.notes());
        }
    }

    @Test
    void tableOfPatients_takesAllTheirFiles() throws Exception {
        Files.writeString(folder.resolve("s.csv"), "patient_id,split\np1,train\np2,test\np1,test\n");
        List<String> dataset = List.of("p1/a.svs", "p1/b.svs", "p2/a.svs");
        SplitReport report = check(dataset, "(?<id>p[0-9]+)/", "s.csv");
        assertEquals(Verdict.NOT_APART, report.verdict());
        assertEquals(2, report.leaks().files().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"train\": [1001, 1002], \"test\": [1009]}",
                "{\"train\": [\"1001\", \"1002.h5\"], \"test\": [\"slides/1009.svs\"]}",
                "{\"train\": [{\"image\": \"1001\", \"label\": 1}, {\"image\": \"1002\"}], \"test\": [{\"image\": 1009}]}",
                "[{\"slide_id\": 1001, \"split\": \"train\"}, {\"slide_id\": 1002, \"split\": \"train\"}, {\"slide_id\": 1009, \"split\": \"test\"}]",
                "[{\"Slide ID\": 1001, \"train\": true, \"test\": false}, {\"Slide ID\": 1002, \"train\": true}, {\"Slide ID\": 1009, \"test\": true}]",
                "{\"1001\": \"train\", \"1002.svs\": \"train\", \"1009\": \"test\"}",
                "\ufeff{\"train\": [1001, 1002], \"test\": [1009]}\r\n"
            })
    void splitInJson_isRead(String json) throws Exception {
        assertApart(slides("s.json", json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"1001\": 0, \"1002\": 1, \"1009\": 0}",
                "{\"1001\": \"0\", \"1009\": \"1\"}",
                "{\"1001\": \"tumor\", \"1009\": \"normal\"}"
            })
    void labelsOfSlidesInJson_areNotTakenForASplit(String json) throws Exception {
        String message = refused("s.json", json);
        assertTrue(message.contains("for '1001', which is not the name of a split"), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"tumor\": [1001, 1002], \"stroma\": [1009]}|has the lists 'tumor', 'stroma', which are not names of splits",
                "{\"0\": [1001, 1002], \"1\": [1009]}|has the lists '0', '1', which are not names of splits",
                "{\"testis\": [1001], \"skin\": [1009]}|has the lists 'testis', 'skin', which are not names of splits",
                "{\"tumor\": [1001]}|has the list 'tumor', which is not the name of a split",
                "{\"tumor\": [{\"image\": 1001}], \"stroma\": []}|has the lists 'tumor', 'stroma', which are not names of splits",
            })
    void listsOfClassesInJson_areNotTakenForASplit(String json, String message) throws Exception {
        assertEquals("s.json " + message, refused("s.json", json));
    }

    @Test
    void listBesideThoseOfSplitsThatHasNoNameOfASplit_isNotPassedOver() throws Exception {
        SplitReport report = slides("s.json", "{\"train\": [1001, 1002], \"test\": [1009], \"tumor\": [1001]}");
        assertEquals(Verdict.NOT_PROVEN, report.verdict());
        assertEquals(
                List.of("s.json: the list 'tumor' was not read; is it a split?"),
                report.unchecked().reasons());
    }

    @ParameterizedTest
    @CsvSource({"tumor,stroma", "0,1"})
    void foldersOfClasses_areNotTakenForASplit(String one, String other) throws Exception {
        for (String name : List.of(one, other)) {
            Files.createDirectories(folder.resolve("images/" + name));
        }
        Problem problem = assertThrows(Problem.class, () -> check(SLIDES, ID, "images"));
        assertTrue(problem.message().endsWith("which are not names of splits"), problem.message());
    }

    @Test
    void listsWhoseFileNamesAreClasses_areNotTakenForASplit_unlessTheyAreNamed() throws Exception {
        Files.writeString(folder.resolve("tumor.txt"), "1001\n1002\n");
        Files.writeString(folder.resolve("stroma.txt"), "1009\n");
        Problem problem = assertThrows(Problem.class, () -> check(SLIDES, ID, "tumor.txt", "stroma.txt"));
        assertEquals("tumor.txt is a list, and its name does not say of which split", problem.message());
        assertEquals("name it, such as train=tumor.txt", problem.hint());
        assertApart(check(SLIDES, ID, "train=tumor.txt", "test=stroma.txt"));
    }

    @ParameterizedTest
    @CsvSource({"trainFiles,testFiles", "train_ids,test_ids", "fold0,fold1", "trainset,testset", "split_1,split_2"})
    void namesOfListsInJsonThatContainThatOfASplit_areSplits(String one, String other) throws Exception {
        SplitReport report = slides("s.json", "{\"%s\": [1001, 1002], \"%s\": [1009]}".formatted(one, other));
        assertEquals(Verdict.APART, report.verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"fold_0", "internal-train", "Fold 1"})
    void splitOfAnotherNameInJson_isRead(String name) throws Exception {
        SplitReport report =
                slides("s.json", "{\"1001\": \"" + name + "\", \"1002\": \"" + name + "\", \"1009\": \"test\"}");
        assertEquals(Verdict.APART, report.verdict());
    }

    @Test
    void jsonLines_areRead() throws Exception {
        assertApart(
                slides(
                        "s.jsonl",
                        "{\"path\":\"1001\",\"split\":\"train\"}\n{\"path\":\"1002\",\"split\":\"train\"}\n{\"path\":\"1009\",\"split\":\"test\"}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"train\": [1.5], \"test\": []}|s.json has 1.5 in the list of 'train', which is not a path or id",
                "{\"train\": [null], \"test\": []}|s.json has null in the list of 'train', which is not a path or id",
                "{\"train\": [\"1001\"], \"train\": [\"1009\"]}|s.json has a field twice, see line 1",
                "{\"train\": [\"1001\"], \"note\": \"mine\"}|s.json has no list of paths under 'note'",
                "{\"train\": \"train.txt\", \"test\": \"test.txt\"}|s.json has no list of paths under 'train'",
                "[{\"train\": [1001], \"val\": [1002]}, {\"train\": [1002], \"val\": [1001]}]|s.json has 2 rounds of a cross-validation, and is not one split but several",
                "{\"train\": [1001]} {\"test\": [1001]}|s.json is not JSON, see line 1",
                "{\"train\": {\"a\": 1}}|s.json has no list of paths under 'train'",
                "[1001, 1002]|s.json is a list, and its name does not say of which split",
                "7|s.json has no lists of paths"
            })
    void jsonThatIsNotUnderstood_isNamedExactly(String json, String message) throws Exception {
        assertEquals(message, refused("s.json", json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "slide_id,train,test<nl>1001,True,False<nl>1009,maybe,True|has 'maybe' in line 3, which is neither true nor false",
                "path,split<nl>1001,train<nl>a,b,test|has more cells in line 3 than in its first line",
                "path,split<nl>1001,train<nl>,test|names no file in line 3",
                "path,split<nl>1001,train<nl>1009,NaN|has no split in line 3 for 1009",
                "path,path,split<nl>1001,1009,train|has two columns 'path'",
                "tile,which<nl>1001,a|has no known column for the file",
            })
    void tableThatIsNotUnderstood_isNamedExactly(String text, String message) throws Exception {
        assertEquals("s.csv " + message, refused("s.csv", text.replace("<nl>", "\n")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path,split\n1001,train\n1009,\"test, train\"\n",
                "path,split\n1001,train\n1009,test;train\n",
                "path,split\n1001,train\n1009,train|test\n",
                "path,split\n1001,site A\n1009,site A + site B\n",
                "path,split\n1001,dev\n1009,val/test\n",
            })
    void cellWithSeveralSplits_isNoSplitOfItsOwn(String text) throws Exception {
        SplitReport report = slides("s.csv", text);
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        assertTrue(report.unchecked().reasons().toString().contains("looks like the names of several splits"));
    }

    @Test
    void splitMadeOfTwoOthers_isASplitIfTheOthersAreNotListed() throws Exception {
        assertEquals(
                Verdict.APART,
                slides("s.csv", "path,split\n1001,train+val\n1009,test\n").verdict());
    }

    @Test
    void columnThatMayBeASplit_isNotPassedOver() throws Exception {
        SplitReport report = slides("s.csv", ",train,test,reader study\n0,1001,1002,1001\n1,,1009,\n");
        assertEquals(Verdict.NOT_PROVEN, report.verdict());
        assertTrue(report.unchecked().reasons().toString().contains("the column 'reader study' was not read"));
    }

    @ParameterizedTest
    @CsvSource({
        "s.xlsx,504b0304,'a zip archive, such as an Excel workbook or an .npz'",
        "s.csv,504b0304,'a zip archive, such as an Excel workbook or an .npz'",
        "s.xls,d0cf11e0a1b11ae1,an Excel workbook",
        "s.pkl,80049514,a Python pickle",
        "s.csv.gz,1f8b0800,compressed with gzip",
        "s.npy,934e554d5059,a NumPy array",
        "s.h5,894844460d0a,an HDF5 file",
        "s.parquet,50415231,a Parquet file",
        "s.txt,61006200000000,a binary file"
    })
    void fileThatIsNotText_isCalledWhatItIs(String name, String bytes, String what) throws Exception {
        Files.write(folder.resolve(name), java.util.HexFormat.of().parseHex(bytes));
        Problem problem = assertThrows(Problem.class, () -> check(SLIDES, ID, name));
        assertEquals(name + " is " + what + ", not text", problem.message());
    }

    @Test
    void yaml_isRefusedByName() throws Exception {
        assertEquals("s.yaml is YAML, which is not supported", refused("s.yaml", "train:\n- 1001\n"));
    }

    @Test
    void linkToNothingInAFolder_leavesTheSplitUnproven() throws Exception {
        Files.createDirectories(folder.resolve("mine/train"));
        Files.createDirectories(folder.resolve("mine/test"));
        Files.createSymbolicLink(folder.resolve("mine/train/a.svs"), Path.of("/nowhere/a.svs"));
        Files.writeString(folder.resolve("mine/test/.DS_Store"), "x");
        Files.writeString(folder.resolve("mine/splits.csv"), "x");
        SplitReport report = check(SLIDES, ID, "mine");
        assertTrue(report.unchecked().reasons().contains("mine/train/a.svs is a link to nothing"), report.toString());
        assertEquals(List.of(), report.unchecked().missing());
        assertEquals(
                List.of("mine: files beside the folders of the splits are in no split: splits.csv"), report.notes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12         | '12' may be '0012' without its zeros (split.csv:2)",
                "12.0       | '12.0' may be '0012' without its zeros (split.csv:2)",
                "1.23E+11   | '1.23E+11' is a shortened number (split.csv:2)",
                "Mar-12     | 'Mar-12' looks like a date (split.csv:2)",
                "12-Mrz     | '12-Mrz' looks like a date (split.csv:2)",
                "12.03.2024 | '12.03.2024' looks like a date (split.csv:2)",
            })
    void nameThatExcelChanged_isNotFound_andTheReasonIsNamed(String listed, String reason) throws Exception {
        Files.writeString(folder.resolve("split.csv"), "slide,split\n" + listed + ",train\n0013,test\n");
        SplitReport report = check(List.of("slides/0012.svs", "slides/0013.svs"), ID, "split.csv");
        assertEquals(Verdict.NOT_PROVEN, report.verdict());
        assertEquals(
                List.of("1 listed name may have been changed by a spreadsheet such as Excel: " + reason
                        + "; format the column as text before the names are entered or imported"),
                report.notes());
    }

    @Test
    void nameThatIsOnlyNotInTheDataset_isNoMatterOfExcel() throws Exception {
        assertEquals(
                List.of(),
                slides("split.csv", "slide,split\n1003,train\nMarker-9a,train\ntest-1,train\n1002,test\n")
                        .notes());
    }

    @Test
    void fileThatIsTooLargeForAList_isRefused() throws Exception {
        try (RandomAccessFile large =
                new RandomAccessFile(folder.resolve("train.csv").toFile(), "rw")) {
            large.setLength(1L << 36);
        }
        Problem p = assertThrows(Problem.class, () -> check(SLIDES, ID, "train.csv"));
        assertEquals("cannot read train.csv: it is larger than 256 MiB", p.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"=\"0012\"", "\"=\"\"0012\"\"\""})
    void textAsAFormula_asExcelKeepsZeros_isRead(String cell) throws Exception {
        Files.writeString(folder.resolve("split.csv"), "slide,split\n" + cell + ",train\n=\"0013\",test\n");
        SplitReport report = check(List.of("slides/0012.svs", "slides/0013.svs"), ID, "split.csv");
        assertEquals(Verdict.APART, report.verdict());
    }

    /** Each has a second column or field that may be the split that was meant, or another one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "slide_id,set,partition\n1001,TCGA,train\n1002,TCGA,test\n1009,CPTAC,train\n",
                "slide_id,split,external_test\n1001,train,True\n1002,test,False\n1009,train,False\n",
                "slide_id,fold,train,test\n1001,0,1,1\n1002,1,0,1\n",
                "slide_id,split,split_external\n1001,train,test\n1002,test,train\n",
                "slide_id,split,Split\n1001,train,test\n1002,test,train\n",
                "slide_id,train,test,reader\n1001,1,0,test\n1002,0,1,test\n",
            })
    void tableWithASecondColumnOfSplits_isNotCalledApart(String text) throws Exception {
        SplitReport report = slides("s.csv", text);
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        assertTrue(report.unchecked().reasons().toString().contains("was not read; is it a split?"));
    }

    @Test
    void columnOfSplitsThatTheUserNames_isTheOne() throws Exception {
        Files.writeString(folder.resolve("s.csv"), "slide_id,split,split_external\n1001,train,test\n1002,test,train\n");
        SplitListing listing = new SplitFile(null, folder.resolve("s.csv"), "s.csv")
                .read(new SplitTable.Columns(null, "split_external"));
        assertEquals(List.of(), listing.unread());
        assertEquals("test", listing.entries().get(0).split());
    }

    @Test
    void labelsOfTrueAndFalseBesideASplit_areNoSplit() throws Exception {
        assertApart(slides(
                "s.csv",
                "slide_id,split,fold,is_tumor,stage\n1001,train,1,True,2\n1002,train,0,False,\n1009,test,1,True,x\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"train\": [\"1001\"], \"test\": [\"1002\"], \"external_test\": {\"1001\": 0}}",
                "{\"train\": [\"1001\"], \"test\": [\"1002\"], \"val_files\": \"1001\"}",
                "{\"train\": [\"1001\"], \"test\": [\"1002\"], \"test2\": \"other.txt\"}",
            })
    void fieldOfJsonThatMayBeASplit_isNotTakenForADescription(String json) throws Exception {
        assertTrue(refused("s.json", json).startsWith("s.json has no list of paths under "));
    }

    /** The manifest's rule makes a patient of each slide, and the table itself knows better. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s.csv  | slide_id,patient_id,split<nl>1001,A,train<nl>1002,A,test<nl>1009,B,train<nl>",
                "s.csv  | slide_id,case_id,train,test<nl>1001,A,1,0<nl>1002,A,0,1<nl>1009,B,1,0<nl>",
                "s.csv  | Subject,image,split<nl>A ,1001,train<nl>A,1002,test<nl>nan,1009,train<nl>",
                "s.json | [{'image':1001,'patient':'A','split':'train'},{'image':1002,'patient':'A','split':'test'}]",
                "s.json | {'train':[{'image':1001,'patient':'A'}],'test':[{'image':1002,'patient':'A'}]}",
            })
    void patientThatTheTableItselfHasInTwoSplits_isNotCalledApart(String name, String text) throws Exception {
        SplitReport report = slides(name, text.replace("<nl>", "\n").replace('\'', '"'));
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        String reason = report.unchecked().reasons().get(0);
        assertTrue(reason.contains("'A' in train (") && reason.contains(" and test ("), reason);
    }

    @Test
    void patientsThatTheTableHasInOneSplitEach_areApart() throws Exception {
        assertApart(slides("s.csv", "slide_id,patient_id,split\n1001,A,train\n1002,A,train\n1009,B,test\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train\u00a0", "train\u200b", "\ufefftrain", "training", "TRAIN"})
    void oneSplitWrittenInTwoWays_isNotCalledApart(String other) throws Exception {
        SplitReport report = slides("s.csv", "slide_id,split\n1001,train\n1002," + other + "\n");
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
    }

    @ParameterizedTest
    @CsvSource({"Fold 1,fold_1", "fold-1,fold1", "site A,Site A"})
    void splitsThatDifferOnlyInTheirSpelling_areNotCalledApart(String one, String other) throws Exception {
        SplitReport report = slides("s.csv", "slide_id,split\n1001,%s\n1002,%s\n".formatted(one, other));
        assertEquals(
                List.of("'" + one + "' and '" + other + "' look like the same split: write its name in one form"),
                report.unchecked().reasons());
    }

    @Test
    void folderOfAnotherSplitWithinASplit_isNotCountedSilently() throws Exception {
        Files.createDirectories(folder.resolve("mine/train/tumor/val"));
        Files.createDirectories(folder.resolve("mine/test/external"));
        SplitReport report = check(SLIDES, ID, "mine");
        assertTrue(
                report.unchecked()
                        .reasons()
                        .contains("mine/train/tumor/val is named after another split, and is in the folder of 'train'"),
                report.toString());
        assertTrue(report.unchecked().reasons().stream().noneMatch(reason -> reason.contains("external")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/p2/normal/1.png", "p7/normal/1.png", "D:\\t\\p7\\normal\\1.png", "/scratch/p2/1.h5"})
    void imageInTheFolderOfAnotherPatient_isNotTakenForOneOfTheSameName(String listed) throws Exception {
        List<String> dataset = List.of("imgs/p1/normal/1.png", "imgs/p2/tumor/2.png");
        Files.writeString(folder.resolve("train.txt"), listed);
        Files.writeString(folder.resolve("test.txt"), "/data/p2/tumor/2.png");
        SplitReport report = check(dataset, "^imgs/(?<id>p[0-9]+)/", "train.txt", "test.txt");
        assertEquals(List.of(listed + " (train.txt:1)"), report.unchecked().missing(), report.toString());
        Files.writeString(folder.resolve("train.txt"), "/data/p1/normal/1.png");
        assertEquals(
                Verdict.APART,
                check(dataset, "^imgs/(?<id>p[0-9]+)/", "train.txt", "test.txt").verdict());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",split\n1001,train\n1002,train\n1009,test\n",
                "Unnamed: 0,label,split\n1001,0,train\n1002,0,train\n1009,1,test\n",
                "slide_id\u00a0,\u200bsplit\n1001,train\n1002\u00a0,train\n1009,test\u3000\n",
                "slide_id;train;test\n1001;VERDADEIRO;FALSO\n1002;VERDADEIRO;FALSO\n1009;FALSO;VERDADEIRO\n",
                "slide_id;train;test\n1001;PRAWDA;FA\u0141SZ\n1002;PRAWDA;FA\u0141SZ\n1009;FA\u0141SZ;PRAWDA\n",
                "slide_id;train;test\n1001;SANT;FALSKT\n1002;SANT;FALSKT\n1009;FALSKT;SANT\n",
                "slide_id;train;test\n1001;TOSI;EP\u00c4TOSI\n1002;TOSI;EP\u00c4TOSI\n1009;EP\u00c4TOSI;TOSI\n",
            })
    void tableThatPandasOrASpreadsheetOfAnotherCountryWrote_isRead(String text) throws Exception {
        assertApart(slides("s.csv", text));
    }

    @Test
    void listOfOneSplitThatIsATableOfAll_isNotTakenWhole() throws Exception {
        Files.writeString(folder.resolve("s.csv"), "slide_id,train,test\n1001,True,False\n1009,False,True\n");
        Files.writeString(folder.resolve("t.txt"), "1002\n");
        SplitReport report = check(SLIDES, ID, "train=s.csv", "test=t.txt");
        assertEquals(
                List.of("s.csv: the column 'test' was not read, because the file is given as the list of 'train'"),
                report.unchecked().reasons());
    }

    /** A formula that failed hides which slide a row is of, and a slide called #7 is no comment in a table. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s.csv  | train,test<nl>1001,1002<nl>#NV,1009<nl>",
                "s.csv  | slide_id,split<nl>1001,train<nl>#7,train<nl>1002,test<nl>",
                "s.csv  | slide_id,train,test<nl>1001,1,0<nl>#7,1,0<nl>1002,0,1<nl>",
                "s.json | {'train':['1001','#7'],'test':['1002']}",
            })
    void nameWithAHash_isNoCommentWhereThereAreNone(String name, String text) throws Exception {
        SplitReport report = slides(name, text.replace("<nl>", "\n").replace('\'', '"'));
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        assertEquals(1, report.unchecked().missing().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"#N/A", "#NV", "#REF!", "#BEZUG!", "#NAME?", "#DIV/0!", "#N/D"})
    void formulaThatFailedInASpreadsheet_isNoNameOfASlideOrSplit_andNoComment(String error) throws Exception {
        assertEquals(
                "s.csv names no file in line 3",
                refused("s.csv", "slide_id,split\n1001,train\n" + error + ",train\n1002,test\n"));
        assertEquals(
                "s.csv has no split in line 3 for 1009",
                refused("s.csv", "slide_id,split\n1001,train\n1009," + error + "\n1002,test\n"));
        Files.writeString(folder.resolve("train.txt"), "# mine\n1001\n" + error + "\n");
        Files.writeString(folder.resolve("test.txt"), "1002\n");
        assertEquals(
                List.of(error + " (train.txt:3)"),
                check(SLIDES, ID, "train.txt", "test.txt").unchecked().missing());
        Files.writeString(folder.resolve("p.csv"), "slide,patient\n1001," + error + "\n");
        Problem problem = assertThrows(
                Problem.class, () -> PatientTable.read(folder.resolve("p.csv"), "p.csv", SLIDES, "patient"));
        assertTrue(problem.message().contains("which is nobody"), problem.message());
    }

    @Test
    void tableNamedAfterItsSplit_isTheListOfIt() throws Exception {
        Files.writeString(folder.resolve("train.csv"), "slide_id,label\n1001,0\n1002,1\n");
        Files.writeString(folder.resolve("fold0_test.csv"), "slide_id\n# held out\n1009\n");
        assertEquals(
                Verdict.APART, check(SLIDES, ID, "train.csv", "fold0_test.csv").verdict());
        assertTrue(
                refused("train_test_list.csv", "slide_id,label\n1001,0\n").contains("no known column for the split"));
    }

    @Test
    void tableWithTabsAndCommasInItsNotes_isRead() throws Exception {
        assertApart(slides(
                "s.csv", "slide_id\tnote, long, text\tsplit\n1001\ta,b,c\ttrain\n1002\t\ttrain\n1009\tx\ttest\n"));
    }

    @Test
    void splitThatIsNothingInJson_isNotTakenForADescription() throws Exception {
        for (String nothing : List.of("null", "3", "\"\"", "{}")) {
            assertTrue(refused("s.json", "{\"train\": [1001], \"test\": [1002], \"val\": " + nothing + "}")
                    .startsWith("s.json has no list of paths under 'val'"));
        }
    }

    @Test
    void secondColumnOfPatientsThatJoinsTwo_isRefused_andACaseNumberIsNot() throws Exception {
        Files.writeString(folder.resolve("p.csv"), "slide,patient,subject_id\n1001,A,S1\n1002,B,S1\n");
        Problem problem = assertThrows(
                Problem.class, () -> PatientTable.read(folder.resolve("p.csv"), "p.csv", SLIDES, "patient"));
        assertEquals(
                "p.csv:3: the patients 'A' and 'B' are one according to the column 'subject_id', where both are 'S1'",
                problem.message());
        Files.writeString(
                folder.resolve("p.csv"), "slide,patient,case_id,subject\n1001,A,1,x\n1002,B,1,\n1009,A,2,y\n");
        PatientTable table = PatientTable.read(folder.resolve("p.csv"), "p.csv", SLIDES, "patient");
        assertEquals("B", table.of("slides/1002.svs").orElseThrow());
    }

    private static final List<String> FOLDERS = List.of("p1/img/1.png", "p1/img/2.png", "p2/img/1.png", "p3/img/3.png");

    private static void assertNotProven(SplitReport report, String reason) {
        assertEquals(Verdict.NOT_PROVEN, report.verdict(), report.toString());
        assertTrue(report.unchecked().reasons().toString().contains(reason), report.toString());
    }

    @Test
    void testListThatIsEmpty_isNotPassedOver_ifOnlyItsFileNameSaysItsSplit() throws Exception {
        Files.writeString(folder.resolve("train.txt"), "1001\n");
        Files.writeString(folder.resolve("val.txt"), "1002\n");
        Files.writeString(folder.resolve("test.txt"), "\n");
        assertNotProven(check(SLIDES, ID, "train.txt", "val.txt", "test.txt"), "the split test has no file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s.csv  | image,image2,split<nl>1001.svs,1009.svs,train<nl>1002.svs,1009.svs,test<nl>",
                "s.csv  | path,slide,train,test<nl>1001.svs,1009.svs,1,0<nl>1002.svs,1002.svs,0,1<nl>",
                "s.json | {'train':[{'image':'1001.svs','mask':'1002.svs'}],'test':['1002.svs']}",
                "s.json | {'train':[{'patient':'1001','label':1,'images':{'a':'1002.svs'}}],'test':['1009.svs']}",
            })
    void secondImageInARow_ofAnotherPatient_isNotLost(String name, String text) throws Exception {
        assertNotProven(
                slides(name, text.replace("<nl>", "\n").replace('\'', '"')),
                "' is a file of another patient, and was not read; list one file in each row");
    }

    @Test
    void maskOfTheSamePatientAndLabels_inARow_areNoOtherPatient() throws Exception {
        Files.writeString(folder.resolve("s.csv"), """
                image,mask,label,split
                p1/img/1.png,p1/img/2.png,tumor,train
                p2/img/1.png,p2/mask/1.png,normal,test
                p3/img/3.png,masks/1.png,normal,val
                """);
        assertEquals(Verdict.APART, check(FOLDERS, "(?<id>p[0-9]+)/.*", "s.csv").verdict());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patient_number",
                "Patient UID",
                "MRN",
                "Patienten-ID",
                "id_patient",
                "participant",
                "slide_barcode",
                "label,subject_id"
            })
    void columnOfPatientsUnderAnotherName_thatIsInTwoSplits_isNotPassedOver(String column) throws Exception {
        String more = column.contains(",") ? ",x" : "";
        assertNotProven(
                slides("s.csv", "file,%s,split\n1001%s,A,train\n1002%s,A,test\n".formatted(column, more, more)),
                " 'A' in train (s.csv:2) and test (s.csv:3)");
    }

    @Test
    void everyColumnOfPatients_isCompared_notOnlyTheFirst() throws Exception {
        assertNotProven(
                slides("s.csv", "file,patient_id,donor,split\n1001,A,D,train\n1002,B,D,test\n"),
                "donor 'D' in train (s.csv:2) and test (s.csv:3)");
    }

    @Test
    void agesAndKindsOfPatients_areNotTakenForPatients() throws Exception {
        assertApart(
                slides(
                        "s.csv",
                        "file,patient_age,patient_sex,case_type,split\n1001,60,f,a,train\n1002,50,f,a,train\n1009,60,f,a,test\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train and test", "train test", "train (was test)", "['train', 'test']", "train -> test"})
    void splitWrittenAsTwoSplits_isNoSplitOfItsOwn(String both) throws Exception {
        assertNotProven(
                slides("s.csv", "file,split\n1001,\"" + both + "\"\n1002,train\n1009,test\n"),
                "looks like the names of several splits");
    }

    @ParameterizedTest
    @CsvSource({"0,0.0", "1,01", "train,train?", "train,train.", "fold_1,fold_01"})
    void foldAsANumberInTwoForms_isOneSplit(String one, String other) throws Exception {
        assertNotProven(
                slides("s.csv", "file,split\n1001,%s\n1002,%s\n".formatted(one, other)), "look like the same split");
    }

    @Test
    void secondColumnWhoseNameIsASplitWithANumber_isNotPassedOver() throws Exception {
        assertNotProven(
                slides("s.csv", "file,split,split2\n1001,train,a\n1002,train,b\n1009,test,b\n"),
                "the column 'split2' was not read");
    }

    @Test
    void headingOfAnotherSplitInAList_isNotOnlyAComment() throws Exception {
        Files.writeString(folder.resolve("train.txt"), "# train\n1001\n# test\n1002\n");
        Files.writeString(folder.resolve("val.txt"), "# made for train, val and test\n1009\n");
        SplitReport report = check(SLIDES, ID, "train.txt", "val.txt");
        assertEquals(
                List.of("train.txt:3: '# test' looks like the heading of another split; give each split its own list"),
                report.unchecked().reasons());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/img/3.png",
                "**/3.png",
                "p?/img/3.png",
                "{p1,p3}/img/3.png",
                "p1 p3/img/3.png",
                "P1/img/3.png",
                "P01/3.png",
                "p1.zip!/img/3.png",
                "patient_1/img/3.png",
                "x9/img/3.png",
                "features/3.pt"
            })
    void pathWithAWildcardOrAnotherPatientsFolder_isNotTheOneFileOfThatName(String listed) throws Exception {
        Files.writeString(folder.resolve("train.txt"), listed + "\n");
        Files.writeString(folder.resolve("test.txt"), "p1/img/1.png\n");
        SplitReport report = check(FOLDERS, "(?<id>p[0-9]+)/.*", "train.txt", "test.txt");
        assertEquals(List.of(listed + " (train.txt:1)"), report.unchecked().missing(), report.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.png", "3.pt", "/data/p3/img/3.png", "P3/img/3.png", "s3://bucket/p3/3.png"})
    void fileMovedToAFolderThatNamesNoOtherPatient_isFound(String listed) throws Exception {
        Files.writeString(folder.resolve("train.txt"), listed + "\n");
        Files.writeString(folder.resolve("test.txt"), "p1/img/1.png\n");
        SplitReport report = check(FOLDERS, "(?<id>p[0-9]+)/.*", "train.txt", "test.txt");
        assertEquals(Verdict.APART, report.verdict(), report.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "(?<id>p[0-9]+)_,        images/p1_a.png,     features/p1_a.pt",
        "WSI/(?<id>[0-9]+)[.],   WSI/1001.svs,        /scratch/slides/1001.h5",
        "(?<id>TCGA-[0-9]+),     f00d/TCGA-1-DX1.svs, slides/TCGA-1-DX1.svs",
    })
    void fileInAFolderOfOnesOwn_isFound_ifItsPatientIsInItsName(String rule, String there, String listed)
            throws Exception {
        String other = there.replace('1', '2').replace("f00d", "beef");
        Files.writeString(folder.resolve("train.txt"), listed + "\n");
        Files.writeString(folder.resolve("test.txt"), other + "\n");
        SplitReport report = check(List.of(there, other), rule, "train.txt", "test.txt");
        assertEquals(Verdict.APART, report.verdict(), report.toString());
    }

    @Test
    void tileInTheFolderOfAnotherSlide_isNotASlideOfItsName() throws Exception {
        Files.writeString(folder.resolve("train.txt"), "slideA/7.png\n");
        Files.writeString(folder.resolve("test.txt"), "slideB.tif\n");
        SplitReport report = check(List.of("7.tif", "slideA.tif", "slideB.tif"), ID, "train.txt", "test.txt");
        assertEquals(List.of("slideA/7.png (train.txt:1)"), report.unchecked().missing());
    }

    @Test
    void patientsOfFilesInFoldersOfOthers_areNotThoseOfFilesOfTheSameName() throws Exception {
        Files.writeString(folder.resolve("p.csv"), "path,patient\nx9/img/3.png,A\np1/img/1.png,B\nP2-a.png,P2\n");
        PatientTable table = PatientTable.read(
                folder.resolve("p.csv"), "p.csv", List.of("p3/img/3.png", "p1/img/1.png", "x/P2-a.png"), "patient");
        assertEquals(Optional.empty(), table.of("p3/img/3.png"));
        assertEquals("B", table.of("p1/img/1.png").orElseThrow());
        Files.writeString(folder.resolve("p.csv"), "path,patient\n/data/mine/1001.svs,A\nmine/P2-a.svs,P2\n");
        table = PatientTable.read(
                folder.resolve("p.csv"), "p.csv", List.of("slides/1001.svs", "slides/P2-a.svs"), "patient");
        assertEquals("A", table.of("slides/1001.svs").orElseThrow());
        assertEquals("P2", table.of("slides/P2-a.svs").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "'slide,case_id', patient, case",
        "'slide,case', slide, case",
        "'slide,patient_id,case_id', patient, patient",
        "'slide,patient_id,case_id', case, case",
        "'slide,mrn', case, patient",
        "'file,patient,case_id,slide_id', slide, slide",
        "'slide_id,patient', slide, patient",
    })
    void tableOfCases_isNotOneOfPatients(String columns, String by, String level) throws Exception {
        String row = "1001" + ",x".repeat(columns.split(",").length - 1);
        Files.writeString(folder.resolve("p.csv"), columns + "\n" + row + "\n");
        assertEquals(
                level,
                PatientTable.read(folder.resolve("p.csv"), "p.csv", SLIDES, by).level());
    }

    @Test
    void columnSetWithNamesOfClasses_isNotTakenForASplit_unlessItIsNamed() throws Exception {
        String text = "slide_id,set\n1001,tumor\n1002,tumor\n1009,normal\n";
        assertEquals("s.csv has 'tumor' in the column 'set', which is not the name of a split", refused("s.csv", text));
        SplitListing listing =
                new SplitFile(null, folder.resolve("s.csv"), "s.csv").read(new SplitTable.Columns(null, "set"));
        assertEquals(3, listing.entries().size());
        assertApart(slides("s.csv", "slide_id,set\n1001,train\n1002,train\n1009,test\n"));
        assertEquals(
                Verdict.APART,
                slides("s.csv", "slide_id,subset\n1001,1\n1002,1\n1009,2\n").verdict());
    }

    @Test
    void entriesOfAListInJsonWithASecondSplit_areNotPassedOver() throws Exception {
        assertNotProven(
                slides("s.json", "{\"train\": [{\"image\": \"1001\", \"split2\": \"test\"}], \"test\": [\"1002\"]}"),
                "the column 'split2' was not read, because the file is given as the list of 'train'");
    }

    @Test
    void rangeWithASlash_isNotItsLastNumber() throws Exception {
        Files.writeString(folder.resolve("train.txt"), "7/8\n");
        Files.writeString(folder.resolve("test.txt"), "7\n");
        SplitReport report = check(List.of("7.tif", "8.tif"), ID, "train.txt", "test.txt");
        assertEquals(List.of("7/8 (train.txt:1)"), report.unchecked().missing());
    }

    @Test
    void jsonOfAllSplitsGivenAsTheListOfOne_isNotTakenForThat() throws Exception {
        Files.writeString(folder.resolve("all.json"), "{\"train\": [\"1001\"], \"test\": [\"1002\"]}");
        Files.writeString(folder.resolve("b.txt"), "1009\n");
        assertNotProven(check(SLIDES, ID, "train=all.json", "test=b.txt"), "has a list of 'test'");
    }

    @Test
    void cellWithSeveralPatients_isRefused() throws Exception {
        Files.writeString(folder.resolve("p.csv"), "slide,patient\n1001,A;B\n1002,A\n");
        Problem problem = assertThrows(
                Problem.class, () -> PatientTable.read(folder.resolve("p.csv"), "p.csv", SLIDES, "patient"));
        assertEquals(
                "p.csv has the patient 'A;B', which looks like several, because 'A' is one too", problem.message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s.csv  | slide,slide_2,split<nl>1001,1009,train<nl>1002,1002,test<nl>",
                "s.csv  | slide,control,split<nl>1001,1009,train<nl>1002,1001,test<nl>",
                "s.csv  | slide,patient_id,split<nl>1001,1009,train<nl>1002,1002,test<nl>",
                "s.json | {'train':[{'slide':1001,'pair':1009},{'slide':1001,'pair':1002}],'test':[1002]}",
            })
    void numberOfAnotherPatientInARow_isNotLost(String name, String text) throws Exception {
        assertNotProven(slides(name, text.replace("<nl>", "\n").replace('\'', '"')), "is another patient");
    }

    @Test
    void numbersThatAreLabelsOrMeasures_areNoPatients() throws Exception {
        List<String> files = List.of("1.png", "2.png", "3.png", "4.png");
        String text = "image,label,age,split\n1,1,70,train\n2,2,1,train\n3,1,55,test\n4,2,64,test\n";
        Files.writeString(folder.resolve("s.csv"), text);
        SplitReport report = check(files, ID, "s.csv");
        assertEquals(Verdict.APART, report.verdict(), report.toString());
        Files.writeString(folder.resolve("s.csv"), ",image,split\n3,1,train\n1,2,train\n2,3,test\n");
        assertEquals(Verdict.APART, check(files, ID, "s.csv").verdict());
    }

    @ParameterizedTest
    @CsvSource({
        "patient_id, X1, PatientID, X1",
        "patient_id, X1, donor, x-01",
        "MRN, 00017, mrn, 17",
        "person_id, 1, person_id, 1.0",
        "animal, 3, Animal, 3",
        "Patient ID (anon), 1, patient id (anon), 1",
        "id_paciente, A, patient.x, A",
    })
    void patientThatTwoListsStateInTwoWays_isNotPassedOver(String one, String id, String other, String same)
            throws Exception {
        Files.writeString(folder.resolve("train.csv"), "slide," + one + "\n1001," + id + "\n");
        Files.writeString(folder.resolve("test.csv"), "slide," + other + "\n1002," + same + "\n");
        assertNotProven(
                check(SLIDES, ID, "train.csv", "test.csv"), one + " '" + id + "' in train (train.csv:2) and test");
    }

    @Test
    void patientThatIsAnEntryOfOneList_andStatedInAnother_isNotPassedOver() throws Exception {
        Files.writeString(folder.resolve("train.csv"), "patient_id\n1001\n");
        Files.writeString(folder.resolve("test.csv"), "slide,patient_id\n1002,1001\n");
        assertNotProven(check(SLIDES, ID, "train.csv", "test.csv"), "patient_id '1001' in train");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1/a.svs p01/b.svs", "p-1/a.svs p_1/b.svs", "1/a.svs 01/b.svs"})
    void patientsOfTheRuleThatMayBeTheSame_areNotCalledApart(String paths) throws Exception {
        List<String> files = List.of(paths.split(" "));
        Files.writeString(
                folder.resolve("s.csv"), "path,split\n" + files.get(0) + ",train\n" + files.get(1) + ",test\n");
        assertNotProven(check(files, "(?<id>[^/]+)/.*", "s.csv"), "may be the same, and are in different splits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'0': '1009.svs'}", "{'1009': 1}", "'slides/1009.svs'"})
    void fieldOfJsonThatNamesAFile_isNotOnlyADescription(String value) throws Exception {
        String json = "{'train':['1001'],'test':['1002'],'cohort':" + value + ",'labels':{'0':'tumor'}}";
        assertNotProven(slides("s.json", json.replace('\'', '"')), "is in a field that was not read");
    }

    @Test
    void foldsWithinAListOfOneSplit_areSplits() throws Exception {
        List<String> files = List.of("p1/a.svs", "p1/b.svs", "p2/c.svs");
        String json = "{\"training\":[{\"image\":\"p1/a.svs\",\"fold\":0},{\"image\":\"p1/b.svs\",\"fold\":1}],"
                + "\"testing\":[{\"image\":\"p2/c.svs\"}]}";
        Files.writeString(folder.resolve("dataset.json"), json);
        SplitReport report = check(files, "(?<id>p[0-9])/.*", "dataset.json");
        assertEquals(Verdict.NOT_APART, report.verdict(), report.toString());
        assertEquals("training fold 0", report.splits().get(0).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"both", "All", "traintest", "TestTrain"})
    void wordForSeveralSplits_isNoSplitOfItsOwn(String split) throws Exception {
        assertNotProven(
                slides("s.csv", "path,split\n1001,train\n1002,test\n1009," + split + "\n"),
                "looks like the names of several splits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"official_split", "New Split", "split_2"})
    void secondColumnThatIsCalledASplit_isNotPassedOver(String column) throws Exception {
        assertNotProven(
                slides("s.csv", "path,split," + column + "\n1001,train,a\n1002,test,b\n"),
                "the column '" + column + "' was not read; is it a split?");
    }

    @Test
    void headingWithANumberOfFiles_isNotOnlyAComment_andAFileThatIsCommentedOutIsOne() throws Exception {
        assertNotProven(
                check(SLIDES, ID, write("train.txt", "1001\n# Test set (n=1):\n1002\n"), write("test.txt", "1009\n")),
                "looks like the heading of another split");
        assertEquals(
                Verdict.APART,
                check(SLIDES, ID, write("train.txt", "1001\n#slides/1009.svs\n"), write("test.txt", "1009\n"))
                        .verdict());
    }

    private String write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
        return name;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slide,patient<nl>1001,Doe, John<nl>1002,Roe<nl> | more cells in line 2",
                "slide,patient<nl>1001,TCGA-A7-A13E<nl>1002,TCGA-A7-A13E-01A<nl> | which may be the same",
            })
    void tableOfPatientsThatMayHideOne_isRefused(String text, String reason) throws Exception {
        write("p.csv", text.replace("<nl>", "\n"));
        Problem problem = assertThrows(
                Problem.class, () -> PatientTable.read(folder.resolve("p.csv"), "p.csv", SLIDES, "patient"));
        assertTrue(problem.message().contains(reason), problem.message());
    }

    @Test
    void tablesWithNamesOfRowsFromR_areRead() throws Exception {
        assertApart(slides(
                "s.csv",
                "'path','split'\n'1','1001','train'\n'2','1002','train'\n'3','1009','test'\n".replace('\'', '"')));
        write("p.csv", "slide,patient\n1,1001,A\n2,1002,B\n");
        PatientTable table = PatientTable.read(folder.resolve("p.csv"), "p.csv", SLIDES, "patient");
        assertEquals("B", table.of("slides/1002.svs").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s.csv  | id,split<nl>1001,train<nl>1002,train<nl>1009,test<nl>",
                "s.csv  | slide_filename,dataset<nl>1001.svs,train<nl>1002.svs,train<nl>1009.svs,test<nl>",
                "s.csv  | image_url,Group<nl>https://a/b/1001.svs,Train<nl>https://a/b/1002.svs,Train<nl>1009.svs,Test<nl>",
                "s.csv  | Image Index,train/val/test<nl>1001,train<nl>1002,train<nl>1009,test<nl>",
                "s.csv  | bcr_patient_barcode,split<nl>1001,train<nl>1002,train<nl>1009,test<nl>",
                "s.csv  | cases.submitter_id,split<nl>1001,train<nl>1002,train<nl>1009,test<nl>",
                // TransMIL
                "s.csv  | ,train,train_label,test,test_label<nl>0,1001,0,1009,1<nl>1,1002,1.0,,<nl>",
                // an index that was shuffled
                "s.csv  | ,train,test<nl>5,1001,1009<nl>2,1002,<nl>",
                // nnU-Net, with one round
                "s.json | [{'train':['1001','1002'],'test':['1009']}]",
                "s.json | {'train':[['a/1001.svs',0],['a/1002.svs',1]],'test':[['a/1009.svs',0]]}",
            })
    void tableOrJsonThatManyProgramsWrite_isRead(String name, String text) throws Exception {
        assertApart(slides(name, text.replace("<nl>", "\n").replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.txt | s/1001.svs 0<nl>s/1002.svs 1<nl>",
                "train.txt | s/1001.svs<tab>0<nl>s/1002.svs<tab>-1<nl>",
                "train.txt | s/1001.svs, 0<nl>s/1002.svs, 1<nl>",
                "train.txt | \"s/1001.svs\",<nl>\"s/1002.svs\",<nl>",
                "train.txt | slide_id<nl>1001<nl>1002<nl>",
                "train.txt | id<tab>filename<tab>md5<nl>x<tab>1001.svs<tab>d4<nl>y<tab>1002.svs<tab>d5<nl>",
                "train.csv | s/1001.svs,0<nl>s/1002.svs,1<nl>",
                "train.csv | 1001.svs<nl>1002.svs<nl>",
                "train.csv | id,label<nl>1001,0<nl>1002,1<nl>",
                "train.json | ['1001','1002']",
            })
    void listWithLabelsOrAHeading_isRead(String name, String text) throws Exception {
        write(name, text.replace("<nl>", "\n").replace("<tab>", "\t").replace('\'', '"'));
        assertApart(check(SLIDES, ID, name, write("test.txt", "1009\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s/1001.svs 1009", "s/1001.svs,1009", "1,001", "slides/1001.svs 1.svs"})
    void numberBehindAPath_thatIsAnotherPatientOrAPartOfTheName_isNoLabel(String line) throws Exception {
        SplitReport report = check(
                List.of("slides/1001.svs", "slides/1002.svs", "slides/1009.svs", "1.svs"),
                ID,
                write("train.txt", line + "\n"),
                write("test.txt", "1002\n"));
        assertEquals(List.of(line + " (train.txt:1)"), report.unchecked().missing());
    }

    @Test
    void headingOfAListThatIsAlsoTheNameOfAFile_isNotPassedOver() throws Exception {
        List<String> files = List.of("image.svs", "1001.svs", "1002.svs");
        assertNotProven(
                check(files, ID, write("train.txt", "image\n1001\n"), write("test.txt", "1002\n")),
                "'image' is in a field that was not read");
    }

    @Test
    void folderInAList_standsForItsFiles_unlessItIsOfSeveralPatientsOrOnlyANumber() throws Exception {
        String rule = "(?<id>p[0-9]+)/.*";
        write("train.txt", "p1/img/\n/data/p2/img\n");
        assertEquals(
                Verdict.APART,
                check(FOLDERS, rule, "train.txt", write("test.txt", "p3/img\n")).verdict());
        assertEquals(
                Verdict.NOT_APART,
                check(FOLDERS, rule, "train.txt", write("test.txt", "p1/\n")).verdict());
        for (String other : List.of("img", "x9/img")) {
            assertEquals(
                    Verdict.NOT_PROVEN,
                    check(FOLDERS, rule, "train.txt", write("test.txt", other + "\n"))
                            .verdict(),
                    other);
        }
        SplitReport report = check(
                List.of("7/p1_a.png", "8/p2_a.png"),
                "(?<id>p[0-9]+)_",
                write("train.txt", "7\n"),
                write("test.txt", "p2_a"));
        assertEquals(List.of("7 (train.txt:1)"), report.unchecked().missing());
    }

    @Test
    void tableOfPatientsOfSlides_coversTheTilesInFoldersOfTheirNames() throws Exception {
        List<String> tiles =
                List.of("s1/0_0.png", "s1/0_1.png", "tumor/s2/0_0.png", "normal/s2/0_0.png", "s3.svs/9.png");
        write("p.csv", "WSI Filename,Patient Id\ns1.svs,A\ns1,A\ns2,B\ns3.svs,C\n");
        PatientTable table = PatientTable.read(folder.resolve("p.csv"), "p.csv", tiles, "patient");
        assertEquals(
                List.of("A", "A", "B", "B", "C"),
                tiles.stream().map(tile -> table.of(tile).orElseThrow()).toList());
    }

    @Test
    void tableWithoutAHeading_losesNoRow() throws Exception {
        assertTrue(refused("s.csv", "s/1001.svs,a,train\ns/1002.svs,b,train\ns/1009.svs,a,test\n")
                .contains("has no known column for the file"));
    }
}
