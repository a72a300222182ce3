#include "protocols/jmap/method_error.hpp"

namespace hauspost::jmap {

json::object method_error::to_json() const {
    json::object said = facts;
    said["type"] = type;
    if (!description.empty()) said["description"] = description;
    return said;
}

}  // namespace hauspost::jmap
