#include "admin/api/overview_results.hpp"

#include "admin/api/owner_results.hpp"
#include "base/address.hpp"
#include "base/utf8.hpp"

#include <boost/json/array.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hauspost::admin::api {
namespace {

std::string_view word_of(alarm::kind what) {
    switch (what) {
    case alarm::kind::disk: return "disk";
    case alarm::kind::account_spamming: return "account.spamming";
    case alarm::kind::account_full: return "account.full";
    case alarm::kind::dns_changed: return "dns.changed";
    case alarm::kind::certificate: return "cert";
    case alarm::kind::queue_old: return "queue.old";
    case alarm::kind::mass_deletion: return "mass.delete";
    case alarm::kind::forward_suspended: return "forward.dead";
    case alarm::kind::no_second_factor: break;
    }
    return "owner.totp";
}

std::string_view word_of(alarm::level how) {
    switch (how) {
    case alarm::level::bad: return "bad";
    case alarm::level::warn: return "warn";
    case alarm::level::info: break;
    }
    return "info";
}

json::object traffic_json(const storage::traffic& passed) {
    json::object object;
    object["received"] = passed.received;
    object["submitted"] = passed.submitted;
    object["refused"] = passed.refused;
    object["delivered"] = passed.delivered;
    object["failed"] = passed.failed;
    object["sign_ins"] = passed.sign_ins;
    object["wrong_passwords"] = passed.wrong_passwords;
    return object;
}

std::string alarm_sentence(const alarm& one) {
    const auto number = std::to_string(one.number);
    switch (one.of) {
    case alarm::kind::disk:
        return "The disk has " + std::to_string(one.number >> 20) +
               " MiB left: make room, or no mail is taken any more.";
    case alarm::kind::account_spamming:
        return address::shown(one.subject) +
               " wrote to many addresses that are nobody's, as an account does that somebody else "
               "uses: it may not send. Change its password, then `account unfreeze`.";
    case alarm::kind::account_full:
        return address::shown(one.subject) + " is " + number +
               " % full: give it more storage by `account set --quota`.";
    case alarm::kind::dns_changed:
        return "DNS records of " + address::shown(one.subject) +
               " that were right are not any more: " + one.other +
               ". `domain dns --check` shows what is wanted.";
    case alarm::kind::certificate:
        return "The certificate is good for " + number + " more days: put a new one in its place.";
    case alarm::kind::queue_old:
        return "Messages that have waited for more than four hours: " + number + ".";
    case alarm::kind::mass_deletion:
        return number + " messages of " + address::shown(one.subject) +
               " were deleted in one go: `deleted mail` shows them, `restore-mail` brings them "
               "back.";
    case alarm::kind::forward_suspended:
        return address::shown(one.other) + " refuses what " + address::shown(one.subject) +
               " sends on; forwards that are suspended: " + number + ".";
    case alarm::kind::no_second_factor: break;
    }
    return "The owner's second factor is off.";
}

json::object alarm_json(const alarm& one) {
    json::object object;
    object["id"] = word_of(one.of);
    object["level"] = word_of(one.how_bad);
    object["text"] = alarm_sentence(one);
    if (!one.subject.empty()) object["subject"] = one.subject;
    if (!one.other.empty()) object["other"] = utf8::repaired(one.other);
    if (one.since != 0) object["since"] = one.since;
    if (one.until != 0) object["until"] = one.until;
    const bool has_number =
        one.of != alarm::kind::no_second_factor && one.of != alarm::kind::account_spamming;
    if (has_number) object["number"] = one.number;
    return object;
}

std::string_view word_of(mail_service::protocol what) {
    switch (what) {
    case mail_service::protocol::imap: return "imap";
    case mail_service::protocol::pop3: return "pop3";
    case mail_service::protocol::smtp: break;
    }
    return "smtp";
}

void add_machine(json::object& object, const machine_figures& of) {
    json::object storage;
    storage["mail_octets"] = of.mail_octets;
    storage["free_octets"] = of.free_octets;
    storage["disk_octets"] = of.disk_octets;
    object["storage"] = std::move(storage);
    if (!of.certificate_ends_at) return;
    json::object certificate;
    certificate["ends_at"] = *of.certificate_ends_at;
    certificate["self_signed"] = of.is_self_signed;
    object["certificate"] = std::move(certificate);
}

}  // namespace

json::object setup_data_json(const setup_data& data, const places&) {
    json::array services;
    for (const auto& one : data.services) {
        json::object service;
        service["protocol"] = word_of(one.of);
        service["host"] = data.host;
        service["port"] = one.port;
        service["security"] = one.is_starttls ? "starttls" : "tls";
        services.push_back(std::move(service));
    }
    json::object object;
    object["address"] = data.address;
    object["services"] = std::move(services);
    if (!data.profile_url.empty()) object["profile_url"] = data.profile_url;
    return object;
}

json::object overview_json(const overview& all, const places&) {
    json::object object;
    object["at"] = all.at;
    object["receiving"] = all.machine && all.machine->is_disk_full ? "stopped" : "good";
    object["sending"] = all.sends_mail ? "good" : "off";
    object["today"] = traffic_json(all.today);
    json::array hours;
    for (const auto& one : all.hours) {
        auto hour = traffic_json(one.passed);
        hour["at"] = one.begins_at;
        hours.push_back(std::move(hour));
    }
    object["hours"] = std::move(hours);
    object["waiting"] = all.waiting;
    object["has_domain"] = all.has_domain;
    object["has_account"] = all.has_account;
    if (all.machine) add_machine(object, *all.machine);
    if (all.last_change) object["last_change"] = audit_entry_json(*all.last_change);
    json::array alarms;
    for (const auto& one : all.alarms)
        alarms.push_back(alarm_json(one));
    object["alarms"] = std::move(alarms);
    return object;
}

}  // namespace hauspost::admin::api
