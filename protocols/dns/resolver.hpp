#pragma once

#include "base/awaitable.hpp"
#include "protocols/dns/answer.hpp"
#include "protocols/dns/record.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::dns {

struct question {
    std::string name;  // as to_question_name gives it
    record_type type = record_type::a;
};

/// RDATA in wire form, names in it not compressed.
using rdata_answer = answer<std::string>;

/// Which addresses of a host are wanted.
enum class families : std::uint8_t { ipv4, ipv6, both };

using address_answer = answer<boost::asio::ip::address>;

/// The port through which everybody asks the DNS. Implemented by unbound_resolver, and by
/// tests/support/fake_resolver.
///
/// Names are in A-labels, in any case, with or without the dot at their end. One that cannot be a
/// name (dns::to_question_name) is answered with no_such_name and never asked. Records that cannot
/// be read are left out; when nothing is left of an answer it is `failed`, since what the zone means
/// is not known.
///
/// Nothing throws for what a peer does. Thread: any; resumes on the caller's executor.
class resolver {
public:
    virtual ~resolver() = default;

    awaitable<answer<mx_record>> find_mx(std::string name);
    awaitable<answer<std::string>> find_txt(std::string name);
    awaitable<answer<tlsa_record>> find_tlsa(std::string name);
    awaitable<answer<srv_record>> find_srv(std::string name);
    awaitable<answer<caa_record>> find_caa(std::string name);
    /// Of the name itself: what its own CNAME says, and whether that is secure (RFC 7672 2.2.2).
    awaitable<answer<std::string>> find_cname(std::string name);
    /// The names that an address has (PTR). Whoever owns the address says what he likes there.
    awaitable<answer<std::string>> find_names(boost::asio::ip::address of);

    /// Addresses of one host, or of each of several, asked for at the same time. With both families
    /// it is found when one of them is, IPv4 first; secure when all is that was found; and failed or
    /// bogus only when there is none of the other. Up to max_records of each family.
    awaitable<address_answer> find_addresses(std::string name, families wanted);
    awaitable<std::vector<address_answer>> find_addresses(std::vector<std::string> names,
                                                          families wanted);

private:
    /// Asks all of them at the same time. Returns an answer for each, in their order.
    virtual awaitable<std::vector<rdata_answer>> ask(std::vector<question> questions) = 0;

    awaitable<std::vector<rdata_answer>> ask_all(std::vector<question> questions);
    awaitable<rdata_answer> ask_one(std::string name, record_type type);
};

}  // namespace hauspost::dns
