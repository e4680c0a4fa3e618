package org.histods.serve;

import java.util.List;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.histods.provenance.Bag;
import org.jspecify.annotations.Nullable;

/** The server's numbers in the text format of Prometheus, version 0.0.4. */
final class Metrics {

    private Metrics() {}

    static ServedPage of(StatisticsHandler statistics, List<Bag> bags, @Nullable PullQueue pulls) {
        StringBuilder text = new StringBuilder();
        add(text, "histods_bags", "gauge", "Bags that are served", bags.size());
        add(
                text,
                "histods_bag_bytes",
                "gauge",
                "Bytes of their files",
                bags.stream().mapToLong(Bag::bytes).sum());
        add(text, "histods_requests_active", "gauge", "Requests being answered", statistics.getRequestsActive());
        head(text, "histods_responses_total", "counter", "Responses by class of status");
        long[] classes = {
            statistics.getResponses2xx(),
            statistics.getResponses3xx(),
            statistics.getResponses4xx(),
            statistics.getResponses5xx()
        };
        for (int i = 0; i < classes.length; i++) {
            text.append("histods_responses_total{class=\"")
                    .append(i + 2)
                    .append("xx\"} ")
                    .append(classes[i])
                    .append('\n');
        }
        add(text, "histods_sent_bytes_total", "counter", "Bytes of response bodies", statistics.getBytesWritten());
        add(
                text,
                "histods_uptime_seconds",
                "gauge",
                "Seconds since the start",
                statistics.getStatisticsDuration().toSeconds());
        if (pulls != null) {
            PullQueue.Counts counts = pulls.counts();
            add(text, "histods_pulls_active", "gauge", "Datasets being pulled for clients", counts.active());
            add(text, "histods_pulls_waiting", "gauge", "Datasets that wait to be pulled", counts.waiting());
            head(text, "histods_pulls_total", "counter", "Pulls for clients by result");
            text.append("histods_pulls_total{result=\"ready\"} ")
                    .append(counts.done())
                    .append('\n');
            text.append("histods_pulls_total{result=\"failed\"} ")
                    .append(counts.failed())
                    .append('\n');
            add(text, "histods_pulled_bytes_total", "counter", "Bytes that pulls for clients fetched", counts.bytes());
        }
        return new ServedPage("text/plain;version=0.0.4;charset=utf-8", text.toString());
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void add(StringBuilder text, String name, String type, String help, long value) {
        head(text, name, type, help);
        text.append(name).append(' ').append(value).append('\n');
    }
}
