#include "admin/api/certificate_results.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <utility>

namespace hauspost::admin::api {
namespace {

const char* word_of_problem(certificate_problem what) {
    switch (what) {
    case certificate_problem::expired: return "expired";
    case certificate_problem::not_yet: return "not_yet";
    case certificate_problem::wrong_name: return "wrong_name";
    case certificate_problem::ends_this_week: return "ends_this_week";
    case certificate_problem::ends_soon: return "ends_soon";
    case certificate_problem::file_is_another: return "file_is_another";
    case certificate_problem::self_signed: return "self_signed";
    case certificate_problem::no_chain: break;
    }
    return "no_chain";
}

json::object entry_of_certificate(const listed_certificate& one) {
    const auto& seen = one.seen;
    json::object object;
    json::array names, problems;
    for (const auto& name : seen.names)
        names.emplace_back(name);
    for (const auto what : one.problems)
        problems.emplace_back(word_of_problem(what));
    object["names"] = std::move(names);
    object["subject"] = seen.subject;
    object["issuer"] = seen.issuer;
    object["key"] = seen.key;
    object["fingerprint"] = seen.fingerprint;
    object["file"] = seen.file;
    object["begins_at"] = seen.begins_at;
    object["ends_at"] = seen.ends_at;
    object["intermediates"] = seen.intermediates;
    object["self_signed"] = seen.is_self_signed;
    object["made_here"] = seen.is_made_here;
    object["problems"] = std::move(problems);
    return object;
}

}  // namespace

json::object certificates_json(const certificate_list& all, const places&) {
    json::array listeners, certificates;
    for (const auto& one : all.listeners) {
        json::object listener;
        listener["role"] = one.role;
        listener["port"] = one.port;
        listener["tls"] = one.is_from_first_octet ? "implicit" : "starttls";
        listeners.push_back(std::move(listener));
    }
    for (const auto& one : all.certificates)
        certificates.push_back(entry_of_certificate(one));
    json::object object;
    object["host"] = all.hostname;
    object["listeners"] = std::move(listeners);
    object["certificates"] = std::move(certificates);
    return object;
}

}  // namespace hauspost::admin::api
