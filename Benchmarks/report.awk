# Makes a table, or JSON, of what Benchmarks/suite measured.
#
#   awk -v format=table|json -f Benchmarks/report.awk
#
# The table is Markdown, aligned to be read as it is.

BEGIN {
    FS = "\t"
    # How many times faster than the stock program, and other limits, that this project wants.
    goal["-l", 1] = 1
    goal["-l", 100] = 50
    goal["-l", 500] = 100
    most_instructions = 1500000
    most_reader_times = 3
}

$1 == "cost" {
    if (!(($2, $3) in seen)) { rows[++count] = $2 SUBSEP $3; seen[$2, $3] = 1 }
    wall[$2, $3, $4] = $5
    processor[$2, $3, $4] = $6
    peak[$2, $3, $4] = $7
    processes[$2, $3, $4] = $8
    rounds[$2, $3, $4] = $9
}

$1 == "instructions" { instructions[$2, $3, $4] = $5 }

END {
    if (count == 0) exit 1
    if (format == "json") json()
    else table()
}

function milliseconds(microseconds) {
    if (microseconds >= 10000) return sprintf("%d ms", microseconds / 1000 + 0.5)
    return sprintf("%.1f ms", microseconds / 1000)
}

# Says how far a goal is reached; at_least is 1 if more is better.
function verdict(value, limit, at_least) {
    return (at_least ? value >= limit : value <= limit) ? "reached" : "MISSED"
}

function table(    i, part, key, ratio, wanted) {
    format_row = "| %-10s | %9s | %10s | %8s | %7s | %-12s | %14s | %18s |\n"
    printf format_row, "operation", "instances", "stock", "ours", "faster", "goal",
        "processes", "peak memory, MiB"
    print "|------------|----------:|-----------:|---------:|--------:|--------------|" \
        "---------------:|-------------------:|"
    for (i = 1; i <= count; i++) {
        split(rows[i], part, SUBSEP)
        key = rows[i] SUBSEP
        ratio = wall[key "stock"] / wall[key "ours"]
        wanted = ""
        if (rows[i] in goal)
            wanted = goal[rows[i]] "x " verdict(ratio, goal[rows[i]], 1)
        printf format_row, part[1], part[2], milliseconds(wall[key "stock"]),
            milliseconds(wall[key "ours"]), sprintf(ratio < 10 ? "%.1fx" : "%.0fx", ratio), wanted,
            processes[key "stock"] " / " processes[key "ours"],
            peak[key "ours"] == "" ? "" : memory(peak[key "stock"]) " / " memory(peak[key "ours"])
    }
    print ""
    print "Times are medians of wall clock time; pairs are stock / ours. Memory is that of the"
    print "largest process."
    for (i = 1; i <= count; i++) {
        split(rows[i], part, SUBSEP)
        if ((rows[i], "stock") in instructions) print_instructions(rows[i], part[2])
    }
    for (i = 1; i <= count; i++) {
        split(rows[i], part, SUBSEP)
        if ((rows[i], "reader") in wall && part[2] >= 100) print_reader(rows[i], part[2])
    }
}

function memory(kibibytes) { return sprintf("%.1f", kibibytes / 1024) }

function print_instructions(row, instances,    ours) {
    ours = instructions[row, "ours"]
    printf "Instructions of -l outside the kernel, %d instance(s): %.2f million / %.2f million", \
        instances, instructions[row, "stock"] / 1e6, ours / 1e6
    if (instances == 1)
        printf " (goal %.1f: %s)", most_instructions / 1e6, verdict(ours, most_instructions, 0)
    print "."
}

function print_reader(row, instances,    times) {
    times = wall[row, "ours"] / wall[row, "reader"]
    printf "A C program that only reads the %d main.cf files needs %s; ours takes %.1f times that", \
        instances, milliseconds(wall[row, "reader"]), times
    if (instances == 500)
        printf " (goal %d: %s)", most_reader_times, verdict(times, most_reader_times, 0)
    print "."
}

function json(    i, part, key, program, programs, name, comma) {
    split("stock ours reader", programs, " ")
    printf "["
    for (i = 1; i <= count; i++) {
        split(rows[i], part, SUBSEP)
        for (program = 1; program <= 3; program++) {
            name = programs[program]
            key = rows[i] SUBSEP name
            if (!(key in wall)) continue
            printf "%s\n  {\"operation\": \"%s\", \"instances\": %d, \"program\": \"%s\"", \
                comma, part[1], part[2], name
            printf ", \"wall_microseconds\": %d", wall[key]
            if (processor[key] != "") printf ", \"processor_microseconds\": %d", processor[key]
            if (peak[key] != "") printf ", \"peak_kibibytes\": %d", peak[key]
            printf ", \"processes\": %d, \"rounds\": %d", processes[key], rounds[key]
            if (key in instructions) printf ", \"instructions\": %d", instructions[key]
            printf "}"
            comma = ","
        }
    }
    print "\n]"
}
