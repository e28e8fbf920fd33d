// A log and an output that remember what they are told, and answers from a list.

package import Bytes
package import HostAccess

/// A log that keeps its records.
package final class RecordingLog: LogWriter {
    /// One record.
    package struct Record: Hashable {
        package let text: ByteString
        package let tag: ByteString
        package let severity: LogSeverity
        package let facility: LogFacility

        package init(
            _ text: ByteString, tag: ByteString, severity: LogSeverity,
            facility: LogFacility = .mail
        ) {
            self.text = text
            self.tag = tag
            self.severity = severity
            self.facility = facility
        }
    }

    /// The records so far, in order.
    package private(set) var records: [Record] = []

    /// Begins without records.
    package init() {}

    package func write(
        _ text: ByteString, tag: ByteString, severity: LogSeverity, facility: LogFacility
    ) {
        records.append(Record(text, tag: tag, severity: severity, facility: facility))
    }
}

/// An output that keeps what is written.
package final class RecordingOutput: OutputWriter {
    /// What went to standard output so far.
    package private(set) var output: ByteString = ""
    /// What went to standard error so far.
    package private(set) var errors: ByteString = ""
    /// Why standard output takes nothing, as when the disk is full.
    package var outputFault: SystemError?
    package var isErrorTerminal = false
    package var outputColumns: Int?

    /// Begins with nothing written.
    package init() {}

    package func writeOutput(_ data: ByteString) -> SystemError? {
        if outputFault == nil { output += data }
        return outputFault
    }

    package func writeError(_ talk: ByteString) { errors += talk }
}

/// A person who answers from a list, or nobody.
package final class ListedAnswers: InputReader {
    /// What is going to be answered.
    package var answers: [ByteString] = []
    package var isInputTerminal = false
    /// Is told before each answer.
    package var onAnswer: () -> Void = {}

    /// Begins with nobody there.
    package init() {}

    package func readLine() -> ByteString? {
        onAnswer()
        return answers.isEmpty ? nil : answers.removeFirst()
    }

    package func readAll(limitBytes: Int) -> ByteString? {
        var text: ByteString = ""
        while let line = readLine() { text += line + "\n" }
        return text.count > limitBytes ? nil : text
    }
}
