// RDATA of strangers to values: no crash, nothing read behind its end, names that are names of hosts
// and nothing else, and all of it bounded.
//
// First octet: the type.

#include "protocols/dns/name.hpp"
#include "protocols/dns/record.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace hauspost;

void must(bool holds) {
    if (!holds) std::abort();
}

/// "" is the root.
void check_host(const std::string& name) {
    must(name.empty() || dns::to_host_name(name) == name);
    must(name.empty() || dns::to_question_name(name) == name);
}

void check_wire(std::string_view rdata) {
    auto rest = rdata;
    const auto name = dns::take_host_name(rest);
    must(rest.size() <= rdata.size());
    if (name) check_host(*name);
}

void check_text(std::string_view text) {
    if (const auto name = dns::to_host_name(text)) check_host(*name);
    if (const auto name = dns::to_question_name(text)) {
        must(name->size() <= dns::max_name_octets && name->size() + 1 >= text.size());
        must(dns::to_question_name(*name) == name);
    }
}

void check_record(unsigned type, std::string_view rdata) {
    if (type % 4 == 0) {
        if (const auto mx = dns::parse_mx(rdata)) check_host(mx->exchange);
        if (const auto srv = dns::parse_srv(rdata)) check_host(srv->target);
    } else if (type % 4 == 1) {
        const auto tlsa = dns::parse_tlsa(rdata);
        must(!tlsa || (!tlsa->data.empty() && tlsa->data.size() <= dns::max_association_octets));
    } else if (type % 4 == 2) {
        const auto text = dns::parse_txt(rdata);
        must(!text || (text->size() < rdata.size() && text->size() <= dns::max_text_octets));
        const auto caa = dns::parse_caa(rdata);
        must(!caa || (!caa->tag.empty() && caa->value.size() <= dns::max_text_octets));
    } else {
        const auto host = dns::parse_host(rdata);
        must(!host || !host->empty());
        if (host) check_host(*host);
        for (const auto& address : {dns::parse_a(rdata), dns::parse_aaaa(rdata)})
            if (address) must(dns::to_host_name(dns::reverse_name(*address)).has_value());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view rdata(reinterpret_cast<const char*>(data) + 1, size - 1);
    check_record(data[0], rdata);
    check_wire(rdata);
    check_text(rdata);
    return 0;
}
