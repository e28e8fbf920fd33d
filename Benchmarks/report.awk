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
    goal["start", 20] = goal["stop", 20] = 1.8
    goal["queue count", 3] = 20
    goal["queue shape", 3] = 5
    goal["queue list", 3] = 2
    goal["apply", 50] = 10
    most_instructions = 1500000
    most_reader_times = 3
    most_status_milliseconds = 100
    # Of processor time, for a million lines.
    most_milliseconds["trace"] = 300
    most_milliseconds["logs --summary"] = 600
    # Of the clock.
    most_wall_milliseconds["plan", 50] = most_wall_milliseconds["plan, empty", 50] = 200
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

function times(ratio) { return sprintf(ratio < 10 ? "%.1fx" : "%.0fx", ratio) }

function table(    i, part, key, pattern) {
    pattern = "| %-10s | %9s | %8s | %8s | %6s | %19s | %10s | %16s |\n"
    printf pattern, "operation", "instances", "stock", "ours", "faster", "processor time",
        "processes", "peak memory"
    print "|------------|----------:|---------:|---------:|-------:|--------------------:|" \
        "-----------:|-----------------:|"
    for (i = 1; i <= count; i++) {
        split(rows[i], part, SUBSEP)
        key = rows[i] SUBSEP
        if (!((rows[i], "stock") in wall)) continue
        printf pattern, part[1], part[2], milliseconds(wall[key "stock"]),
            milliseconds(wall[key "ours"]), times(faster(rows[i])),
            processor[key "ours"] == "" ? "" : milliseconds(processor[key "stock"]) " / " \
                milliseconds(processor[key "ours"]),
            processes[key "stock"] " / " processes[key "ours"],
            peak[key "ours"] == "" ? "" : memory(peak[key "stock"]) " / " \
                memory(peak[key "ours"]) " MiB"
    }
    print "\nTimes are medians, of wall clock time unless it says processor time; pairs are"
    print "stock / ours; memory is that of the largest process.\n"
    for (i = 1; i <= count; i++) if (!((rows[i], "stock") in wall)) print_alone(rows[i])
    if (("status", 500, "ours") in wall) print_status_goal("status" SUBSEP 500 SUBSEP "ours")
    for (i = 1; i <= count; i++) if (rows[i] in goal) print_goal(rows[i])
    for (i = 1; i <= count; i++) if ((rows[i], "ours") in instructions) print_instructions(rows[i])
    for (i = 1; i <= count; i++) if ((rows[i], "reader") in wall) print_reader(rows[i])
}

# What the stock programs have nothing to compare with.
function print_alone(row,    part, key) {
    split(row, part, SUBSEP)
    key = row SUBSEP "ours"
    printf "- %s of %d: %s, %s of processor time, %s MiB, processes: %d\n", part[1], part[2],
        milliseconds(wall[key]), milliseconds(processor[key]), memory(peak[key]), processes[key]
    if (part[1] in most_milliseconds)
        printf "- %s: grep of one word takes %s; the goal, %d ms of processor time, is %s\n",
            part[1], milliseconds(processor[row, "grep"]), most_milliseconds[part[1]],
            verdict(processor[key] <= 1000 * most_milliseconds[part[1]])
    if (row in most_wall_milliseconds)
        printf "- %s of %d: the goal, %d ms, is %s\n", part[1], part[2],
            most_wall_milliseconds[row], verdict(wall[key] <= 1000 * most_wall_milliseconds[row])
}

function print_status_goal(key) {
    printf "- status of 500: %s of processor time; the goal, %d ms, is %s\n",
        milliseconds(processor[key]), most_status_milliseconds,
        verdict(processor[key] <= 1000 * most_status_milliseconds)
}

function faster(row) { return wall[row, "stock"] / wall[row, "ours"] }

function verdict(is_reached) { return is_reached ? "reached" : "MISSED" }

function print_goal(row,    part) {
    split(row, part, SUBSEP)
    printf "- %s of %d: %s as fast as stock; the goal, %dx, is %s\n", part[1], part[2],
        times(faster(row)), goal[row], verdict(faster(row) >= goal[row])
}

function memory(kibibytes) { return sprintf("%.1f", kibibytes / 1024) }

function print_instructions(row,    part, ours) {
    split(row, part, SUBSEP)
    ours = instructions[row, "ours"]
    printf "- %s of %d: %.2f / %.2f million instructions outside the kernel", part[1], part[2],
        instructions[row, "stock"] / 1e6, ours / 1e6
    if (part[2] == 1)
        printf "; the goal, %.1f million, is %s", most_instructions / 1e6,
            verdict(ours <= most_instructions)
    print ""
}

# Both only compute, so their processor time says more than the clock of a busy machine.
function print_reader(row,    part, ratio) {
    split(row, part, SUBSEP)
    if (part[2] < 100) return
    ratio = processor[row, "ours"] / processor[row, "reader"]
    printf "- %s of %d: %.1f times the processor time of a C program that only reads the files",
        part[1], part[2], ratio
    printf " (%s)", milliseconds(processor[row, "reader"])
    if (part[2] == 500)
        printf "; the goal, %d times, is %s", most_reader_times,
            verdict(ratio <= most_reader_times)
    print ""
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
