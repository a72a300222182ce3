#pragma once

#include "protocols/dns/resolver.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::test {

// RDATA in wire form, for answers.
[[nodiscard]] std::string wire_name(std::string_view text);
[[nodiscard]] std::string mx_rdata(std::uint16_t preference, std::string_view exchange);
[[nodiscard]] std::string txt_rdata(std::string_view text);
[[nodiscard]] std::string address_rdata(std::string_view address);

/// A DNS that holds what the test puts in. What it does not hold has no name when nothing of the
/// name is there, else no data; both insecure.
///
///     fake_resolver dns;
///     dns.add_mx("example.test", 10, "mx.example.test");
///     dns.add_address("mx.example.test", "192.0.2.1");
///     dns.fail("other.test", dns::record_type::mx, dns::outcome::bogus);
///
/// Answers come at once, on the caller's thread.
class fake_resolver final : public dns::resolver {
public:
    void add(std::string name, dns::record_type type, std::string rdata);
    void add_mx(std::string name, std::uint16_t preference, std::string_view exchange);
    /// IPv4 or IPv6.
    void add_address(std::string name, std::string_view address);
    void add_txt(std::string name, std::string_view text);
    /// All types of `name` are what `target` has (of which the test adds the records);
    /// its CNAME is what sign() and fail() say of record_type::cname.
    void add_alias(std::string name, std::string target);
    /// The answer about a type of a name is secure.
    void sign(const std::string& name, dns::record_type type);
    void fail(std::string name, dns::record_type type, dns::outcome how = dns::outcome::failed);

    /// What was asked, in order: "MX example.test".
    [[nodiscard]] const std::vector<std::string>& asked() const noexcept { return asked_; }

private:
    using key = std::pair<std::string, dns::record_type>;

    awaitable<std::vector<dns::rdata_answer>> ask(std::vector<dns::question> questions) override;
    [[nodiscard]] dns::rdata_answer tell(const dns::question& what) const;
    [[nodiscard]] dns::rdata_answer tell_alias(const std::string& name) const;

    std::map<key, dns::rdata_answer> zone_;
    std::map<std::string, std::string> aliases_;
    std::vector<std::string> asked_;
};

}  // namespace hauspost::test
