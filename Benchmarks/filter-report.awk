# Makes tables, or JSON, of what Benchmarks/filter measured.
#
#   awk -v format=table|json -f Benchmarks/filter-report.awk

BEGIN {
    FS = "\t"
    # The part of haproxy's rate, how many times that of the best proxy that understands SMTP, and
    # the part of the direct pipeline's that this project wants.
    least_of_haproxy = 0.85
    least_of_peer = 2
    least_of_pipeline = 0.85
}

$1 == "proxy" {
    row = $2 SUBSEP $3 SUBSEP $4
    if (!(row in seen)) { rows[++count] = row; seen[row] = 1 }
    rate[row, $5] = $6
    processor[row, $5] = $7
    memory[row, $5] = $8
}

$1 == "pipeline" { pipeline[$2] = $4; messages[$2] = $3; lost[$2] = $5; doubled[$2] = $6 }

END {
    if (count == 0) exit 1
    if (format == "json") json(); else table()
}

function size(bytes) { return bytes < 1048576 ? bytes / 1024 " KiB" : bytes / 1048576 " MiB" }

function part(row, proxy) {
    if (!((row, proxy) in rate)) return "-"
    return sprintf("%.2f", rate[row, "ours"] / rate[row, proxy])
}

function table(    i, row, key, pattern) {
    pattern = "| %-7s | %11s | %-6s | %6s | %7s | %7s | %8s | %5s | %10s | %12s | %19s | %13s |\n"
    printf pattern, "message", "connections", "each", "direct", "haproxy", "postfix", "aiosmtpd", \
        "ours", "of haproxy", "of best peer", "ms per 1000", "memory"
    print "|---------|------------:|--------|-------:|--------:|--------:|---------:|------:|" \
        "-----------:|-------------:|--------------------:|--------------:|"
    for (i = 1; i <= count; i++) {
        row = rows[i]
        split(row, key, SUBSEP)
        printf pattern, size(key[1]), key[2], key[3], number(row, "direct"), \
            number(row, "haproxy"), number(row, "postfix"), number(row, "aiosmtpd"), \
            number(row, "ours"), part(row, "haproxy"), part(row, best_peer(row)), \
            sprintf("%d / %d / %d", processor[row, "haproxy"], processor[row, "postfix"], \
                processor[row, "ours"]), \
            sprintf("%.0f / %.0f MiB", memory[row, "postfix"] / 1024, memory[row, "ours"] / 1024)
    }
    print "\nMessages per second; processor time of haproxy / Postfix's proxy / ours; peak memory"
    print "of Postfix's proxy / ours. The sender, the sink and the proxy share the machine. Peers"
    print "are those that understand SMTP.\n"
    for (i = 1; i <= count; i++) {
        verdict(rows[i], "haproxy", least_of_haproxy)
        verdict(rows[i], best_peer(rows[i]), least_of_peer)
    }
    for (i in pipeline)
        printf "- %d messages through two instances, %s: %d per second, lost: %d, doubled: %d\n", \
            messages[i], i == "filter" ? "with the filter" : "without", pipeline[i], lost[i], \
            doubled[i]
    if ("filter" in pipeline && "direct" in pipeline)
        printf "- with the filter %.2f of the rate without; the goal, %.2f, is %s\n", \
            pipeline["filter"] / pipeline["direct"], least_of_pipeline, \
            reached(pipeline["filter"] / pipeline["direct"] >= least_of_pipeline)
}

# The fastest of those that understand SMTP.
function best_peer(row) {
    if (!((row, "aiosmtpd") in rate)) return "postfix"
    return rate[row, "aiosmtpd"] > rate[row, "postfix"] ? "aiosmtpd" : "postfix"
}

function number(row, proxy) { return (row, proxy) in rate ? sprintf("%d", rate[row, proxy]) : "-" }

function reached(is_so) { return is_so ? "reached" : "MISSED" }

function verdict(row, proxy, least,    key) {
    if (!((row, proxy) in rate)) return
    split(row, key, SUBSEP)
    printf "- %s, %d %s: %.2f of %s; the goal, %.2f, is %s\n", size(key[1]), key[2], key[3], \
        rate[row, "ours"] / rate[row, proxy], proxy, least, \
        reached(rate[row, "ours"] / rate[row, proxy] >= least)
}

function json(    i, row, key) {
    for (i = 1; i <= count; i++) {
        row = rows[i]
        split(row, key, SUBSEP)
        print_json(row, key, "direct"); print_json(row, key, "haproxy")
        print_json(row, key, "postfix"); print_json(row, key, "aiosmtpd")
        print_json(row, key, "ours")
    }
    for (i in pipeline)
        printf "{\"pipeline\": \"%s\", \"messages\": %d, \"messages_per_second\": %.1f, " \
            "\"lost\": %d, \"doubled\": %d}\n", i, messages[i], pipeline[i], lost[i], doubled[i]
}

function print_json(row, key, proxy) {
    if (!((row, proxy) in rate)) return
    printf "{\"bytes\": %d, \"connections\": %d, \"each\": \"%s\", \"proxy\": \"%s\"", \
        key[1], key[2], key[3], proxy
    printf ", \"messages_per_second\": %.1f", rate[row, proxy]
    if (proxy != "direct")
        printf ", \"processor_milliseconds_per_1000\": %.1f, \"peak_kibibytes\": %d", \
            processor[row, proxy], memory[row, proxy]
    print "}"
}
