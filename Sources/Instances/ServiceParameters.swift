// One service's parameters as its program sees them: `-o` of master.cf over main.cf.

import Bytes
import PostfixFormats

/// The parameters as one service sees them.
struct ServiceParameters: ParameterSource {
    let service: MasterService
    let main: ParameterView

    func unexpandedValue(of name: ByteString) -> ByteString? {
        if let own = service.parameters.last(where: { $0.name == name }) { return own.value }
        if name == "service_name" { return service[.service] }
        return main.unexpandedValue(of: name)
    }
}
