#include "admin/names.hpp"

#include "base/typed_address.hpp"

#include <utility>

namespace hauspost::admin {
namespace {

refusal_code code_of(address::typed_fault fault) {
    switch (fault) {
    case address::typed_fault::not_an_address: return refusal_code::not_an_address;
    case address::typed_fault::bad_local_part: return refusal_code::bad_local_part;
    case address::typed_fault::bad_domain: break;
    }
    return refusal_code::bad_address_domain;
}

}  // namespace

outcome<std::string> parse_address(std::string_view typed) {
    auto address = address::parse_typed(typed);
    if (!address) return refuse(code_of(address.error()), std::string(typed));
    return *std::move(address);
}

outcome<std::string> parse_domain_name(std::string_view typed) {
    auto name = address::parse_typed_domain(typed);
    if (!name) return refuse(refusal_code::not_a_domain, std::string(typed));
    return *std::move(name);
}

}  // namespace hauspost::admin
