#include "admin/api/reach_results.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hauspost::admin::api {
namespace {

using reach = reach_step::state;

std::string_view reach_word(reach_step::kind of) {
    switch (of) {
    case reach_step::kind::address: return "address";
    case reach_step::kind::name: return "reverse_name";
    case reach_step::kind::port_25: return "port_25";
    case reach_step::kind::block_list: break;
    }
    return "block_list";
}

std::string_view reach_word(reach how) {
    switch (how) {
    case reach::right: return "right";
    case reach::wrong: return "wrong";
    case reach::missing: return "missing";
    case reach::unknown: return "unknown";
    case reach::private_: return "private";
    case reach::not_needed: break;
    }
    return "not_needed";
}

std::string_view reach_result(reach how) {
    if (how == reach::right || how == reach::not_needed) return "good";
    return how == reach::wrong || how == reach::missing ? "bad" : "note";
}

std::string joined_names(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& one : all)
        text += (text.empty() ? "" : ", ") + one;
    return text;
}

std::string address_text(const reach_step& one, const std::string& host) {
    if (one.how == reach::right) return host + " has the addresses " + joined_names(one.found);
    if (one.how == reach::missing) return host + " has no address in the DNS";
    return "the DNS does not answer for " + host;
}

std::string name_text(const reach_step& one, const std::string& host) {
    switch (one.how) {
    case reach::right: return one.address + " leads back to " + host;
    case reach::wrong:
        return one.address + " leads back to " + joined_names(one.found) + " and not to " + host;
    case reach::missing: return one.address + " leads back to no name";
    case reach::private_:
        return one.address + " is an address of a private network: others see another one";
    case reach::unknown:
    case reach::not_needed: break;
    }
    return "the DNS does not answer for " + one.address;
}

std::string port_text(const reach_step& one) {
    switch (one.how) {
    case reach::right: return "other servers can be reached: " + one.host;
    case reach::wrong: return one.host + " cannot be reached: " + one.words;
    case reach::not_needed: return "mail leaves by a relay: port 25 is not needed";
    case reach::missing:
    case reach::private_:
    case reach::unknown: break;
    }
    return one.words.empty() ? "nobody is named who could be tried (delivery.reach_test)"
                             : one.words;
}

std::string list_text(const reach_step& one) {
    switch (one.how) {
    case reach::right: return one.address + " is not on the list " + one.host;
    case reach::wrong:
        return one.address + " is on the list " + one.host +
               (one.words.empty() ? std::string() : ": " + one.words);
    case reach::missing:
    case reach::private_:
    case reach::unknown:
    case reach::not_needed: break;
    }
    return "the list " + one.host + " does not say whether it has " + one.address;
}

std::string reach_text(const reach_step& one, const std::string& host) {
    switch (one.of) {
    case reach_step::kind::address: return address_text(one, host);
    case reach_step::kind::name: return name_text(one, host);
    case reach_step::kind::port_25: return port_text(one);
    case reach_step::kind::block_list: break;
    }
    return list_text(one);
}

std::string reach_advice(const reach_step& one, const std::string& host) {
    if (reach_result(one.how) != "bad") return {};
    switch (one.of) {
    case reach_step::kind::address:
        return "Add an A record for " + host +
               ", or set `hostname` to the name that this server has.";
    case reach_step::kind::name:
        return "Have whoever gives you the address name it " + host +
               " (PTR, \"reverse DNS\"): many servers refuse mail without.";
    case reach_step::kind::port_25:
        return "Ask your provider to open port 25 to the outside, or set delivery.relay.";
    case reach_step::kind::block_list: break;
    }
    return "Find out why (an account that somebody else uses?), then ask " + one.host +
           " to take the address off.";
}

}  // namespace

json::object reach_json(const reachability& done, const places&) {
    json::array steps;
    for (const auto& one : done.steps) {
        json::object step;
        step["step"] = reach_word(one.of);
        step["result"] = reach_result(one.how);
        step["state"] = reach_word(one.how);
        step["text"] = reach_text(one, done.host);
        const auto advice = reach_advice(one, done.host);
        if (!advice.empty()) step["advice"] = advice;
        if (!one.address.empty()) step["address"] = one.address;
        if (!one.found.empty()) step["found"] = json::array(one.found.begin(), one.found.end());
        if (!one.host.empty()) step["host"] = one.host;
        if (!one.words.empty()) step["words"] = one.words;
        steps.push_back(std::move(step));
    }
    json::object object;
    object["host"] = done.host;
    object["good"] = done.is_good;
    object["steps"] = std::move(steps);
    return object;
}

}  // namespace hauspost::admin::api
