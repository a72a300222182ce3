#include "server/config/config_checks.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/network_list.hpp"
#include "base/typed_address.hpp"
#include "base/utf8.hpp"
#include "certs/certificate.hpp"
#include "server/config/config_values.hpp"
#include "server/config/sending_values.hpp"

#include <boost/asio/ip/address.hpp>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::server {
namespace {

namespace ip = boost::asio::ip;

void check_accounts(loaded_config& loaded) {
    const auto& rules = loaded.values.passwords;
    if (rules.min_characters > rules.max_characters)
        add_fault(loaded, "accounts.password_min_characters",
                  "accounts.password_min_characters is above accounts.password_max_characters",
                  "make it smaller, no password could be right");
    // Argon2 needs eight blocks of 1 KiB for each lane.
    const auto& argon2 = loaded.values.logins.argon2;
    if (argon2.memory_kib < 8ULL * argon2.lanes)
        add_fault(loaded, "accounts.argon2_memory",
                  "accounts.argon2_memory is too little for accounts.argon2_lanes",
                  "use at least 8 KiB for each lane");
}

/// Takes the networks into one form.
void check_never_banned(loaded_config& loaded) {
    auto& networks = loaded.values.never_banned;
    if (const auto list = network_list::parse(networks))
        networks = list->to_text();
    else
        add_fault(loaded, "accounts.never_banned",
                  "accounts.never_banned does not name networks, or too wide ones",
                  "write for example \"192.0.2.7 198.51.100.0/24 2001:db8:1::/48\", or leave it "
                  "empty");
}

/// Takes the owner's mailbox into the form that routing compares.
void check_owner_mailbox(loaded_config& loaded) {
    auto& delivery = loaded.values.delivery;
    auto& owner = delivery.routing.owner_mailbox;
    if (owner.empty()) return;
    const auto parsed = address::parse_typed(owner);
    if (!parsed)
        return add_fault(loaded, "delivery.owner_mailbox",
                         "delivery.owner_mailbox is not a valid address",
                         "write it in full, for example anna@example.org, or leave it empty");
    owner = *parsed;
    delivery.default_domain = address::domain_of(owner);
}

void check_relays(loaded_config& loaded) {
    const auto& sending = loaded.values.sending;
    const auto relays = domain_relays(sending.relay_of);
    if (!relays)
        return add_fault(loaded, "delivery.relay_of",
                         "delivery.relay_of does not name domains with a server each",
                         "write for example \"example.org smtp.example.net:587 USER "
                         "/etc/hauspost/relay.pw, example.com direct\", or leave it empty");
    if (relays->empty()) return;
    if (!sending.is_on())
        add_fault(loaded, "delivery.relay_of",
                  "delivery.relay_of is set, and neither delivery.relay nor delivery.resolver, by "
                  "which all other mail would leave",
                  "set one of them");
    for (const auto& [domain, to] : *relays)
        if (!to.place && sending.resolver.empty())
            add_fault(loaded, "delivery.relay_of",
                      "delivery.relay_of says that mail of " + domain +
                          " goes to the servers of its recipients, and there is no "
                          "delivery.resolver to find them",
                      "set it, for example to \"root\"");
}

void check_sending(loaded_config& loaded) {
    const auto& sending = loaded.values.sending;
    if (!sending.relay.empty() && !parse_relay(sending.relay))
        add_fault(loaded, "delivery.relay", "delivery.relay is not a valid server",
                  "write its name and port, for example smtp.example.net:587, or leave it empty");
    if (!sending.relay_user.empty() && sending.relay_password_file.empty())
        add_fault(loaded, "delivery.relay_user",
                  "delivery.relay_user has no delivery.relay_password_file",
                  "name a file that holds the password in its first line");
    check_relays(loaded);
    if (sending.arc_seal && sending.resolver.empty())
        add_fault(
            loaded, "delivery.arc_seal",
            "delivery.arc_seal is on, and there is no delivery.resolver to ask for the keys of "
            "signatures",
            "set delivery.resolver, for example to \"root\"; mail goes by a relay all the same");
    if (!resolver_addresses(sending.resolver))
        add_fault(loaded, "delivery.resolver",
                  "delivery.resolver is neither \"root\" nor addresses of DNS servers",
                  "write for example \"root\", \"192.0.2.53\" or \"127.0.0.1@5353 192.0.2.53\", or "
                  "leave it empty");
    if (auto rates = domain_rates(sending.messages_per_minute_of))
        loaded.values.outgoing.rates.of_domain = std::move(*rates);
    else
        add_fault(loaded, "delivery.messages_per_minute_of",
                  "delivery.messages_per_minute_of does not name domains with a number each",
                  "write for example \"example.net 60, example.com 600\", or leave it empty");
    const auto& retry = loaded.values.outgoing.retry;
    if (retry.first > retry.longest)
        add_fault(loaded, "delivery.retry_first",
                  "delivery.retry_first is above delivery.retry_longest", "make it smaller");
}

void check_hostname(loaded_config& loaded) {
    auto& name = loaded.values.hostname;
    if (name.empty()) return;
    // Greetings, Received fields and certificates have it in A-labels.
    if (!utf8::is_ascii(name)) name = address::to_a_labels(name).value_or(name);
    const bool letters = std::all_of(name.begin(), name.end(), [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '.';
    });
    const bool dots =
        name.front() != '.' && name.back() != '.' && name.find("..") == std::string::npos;
    // RFC 1035 2.3.4: at most 255 octets on the wire, 253 in dotted form.
    if (!letters || !dots || name.size() > 253)
        add_fault(loaded, "hostname", "hostname is not a valid host name",
                  "write the name under which others reach this server, for example "
                  "mail.example.org");
    else if (name.find('.') == std::string::npos && ascii::lowered(name) != "localhost")
        add_fault(loaded, "hostname", "hostname has no dot, so it is not a full name",
                  "write it with its domain, for example " + name +
                      ".example.org; other mail servers refuse a name that they cannot look up");
}

void check_data_dir(loaded_config& loaded) {
    const auto& folder = loaded.values.data_dir;
    if (folder.empty())
        add_fault(loaded, "data_dir", "data_dir is empty",
                  "name the folder for all data, for example \"/var/lib/hauspost\"");
    else if (folder.starts_with("./") || folder.starts_with("../"))
        add_note(loaded, "data_dir",
                 "data_dir \"" + folder + "\" depends on the folder that the command is started in",
                 "fine for trying things out; for a real server write the whole path");
    else if (folder.front() != '/')
        add_fault(loaded, "data_dir", "data_dir \"" + folder + "\" does not begin with a slash",
                  "write the whole path, for example \"/var/lib/hauspost\"; \"./" + folder +
                      "\" is a folder below the one that the command is started in");
}

struct listening {
    std::string item;
    endpoint where;
    ip::address address;
};

/// All addresses that are listened on, ":25" as the two that it stands for.
std::vector<listening> all_listening(const listen_config& listen) {
    std::vector<listening> all;
    for (const auto& [role, list] : listen.all)
        for (const auto& where : list) {
            if (!where.address.empty()) {
                all.push_back({role->item(), where, ip::make_address(where.address)});
                continue;
            }
            all.push_back({role->item(), where, ip::address_v4::any()});
            all.push_back({role->item(), where, ip::address_v6::any()});
        }
    return all;
}

/// An IPv6 listener takes no IPv4 (net::listener), so only addresses of one family can meet.
bool clash(const listening& a, const listening& b) {
    if (a.where.port == 0 || a.where.port != b.where.port) return false;
    if (a.address.is_v6() != b.address.is_v6()) return false;
    return a.address == b.address || a.address.is_unspecified() || b.address.is_unspecified();
}

void check_listeners(loaded_config& loaded) {
    const auto all = all_listening(loaded.values.listen);
    std::vector<std::pair<std::string, std::string>> told;
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            if (!clash(all[i], all[j])) continue;
            auto one = all[i].item + " " + to_text(all[i].where);
            auto other = all[j].item + " " + to_text(all[j].where);
            // ":25" twice meets itself in both families.
            const std::pair pair(one, other);
            if (std::find(told.begin(), told.end(), pair) != told.end()) continue;
            told.push_back(pair);
            add_fault(loaded, all[i].item, one + " and " + other + " cannot both be listened on",
                      "give each an address and port of its own; 0.0.0.0 and [::] stand for all "
                      "addresses of the machine");
        }
    for (const auto& one : all)
        if (one.address.is_v6() && one.address.to_v6().is_v4_mapped())
            add_fault(loaded, one.item,
                      to_text(one.where) + " is an IPv4 address in the form of IPv6",
                      "write it as an IPv4 address, for example 192.0.2.1:25");
}

void check_log(loaded_config& loaded) {
    namespace fs = std::filesystem;
    const auto& target = loaded.values.log.target;
    if (target == "stderr") return;
    const auto tell = [&](const std::string& what, const std::string& remedy) {
        add_fault(loaded, "log.target", "log.target \"" + target + "\" " + what, remedy);
    };
    if (target.empty()) return tell("names no file", "name a file, or use \"stderr\"");
    std::error_code failed;
    const auto about = fs::status(target, failed);
    if (fs::is_directory(about)) return tell("is a folder", "name a file in it");
    if (fs::is_fifo(about) || fs::is_socket(about))
        return tell("is not a file", "name a file, or use \"stderr\"");
    const auto parent = fs::path(target).parent_path();
    const fs::path folder = parent.empty() ? "." : parent;
    if (!fs::is_directory(folder, failed))
        return tell("lies in a folder that does not exist", "make the folder, or use \"stderr\"");
    const bool exists = fs::exists(about);
    if (::access(exists ? target.c_str() : folder.c_str(), exists ? W_OK : W_OK | X_OK) != 0)
        tell("cannot be written", "the server's user must be able to write it and its folder");
}

void check_certificate(loaded_config& loaded, const clock& now) {
    const auto& tls = loaded.values.tls;
    if (tls.certificate.empty() || tls.private_key.empty()) return;
    try {
        const auto cert = certs::read_certificate({tls.certificate, tls.private_key});
        if (auto fault = certs::find_time_fault(cert, now.now()); !fault.empty())
            add_note(loaded, "tls.certificate", "tls.certificate " + fault, "");
        if (auto fault = certs::find_name_fault(cert, hostname_of(loaded.values)); !fault.empty())
            add_note(loaded, "tls.certificate", "tls.certificate " + fault, "");
    } catch (const certs::certificate_error& fault) {
        const std::string text = fault.what();
        const bool is_key = text.starts_with(tls.private_key + ": ");
        const std::string item = is_key ? "tls.private_key" : "tls.certificate";
        add_fault(loaded, item, item + " " + text, "");
    }
}

void sort_by_place(std::vector<config_fault>& faults) {
    std::stable_sort(faults.begin(), faults.end(), [](const auto& a, const auto& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
}

/// About an item: where it stands, or the file as a whole when it has its default.
config_fault about_item(const loaded_config& loaded,
                        std::string_view item,
                        std::string what,
                        std::string remedy) {
    const auto found = loaded.places.find(item);
    const auto at = found == loaded.places.end() ? config_place{} : found->second;
    return {at.line, at.column, std::move(what), std::move(remedy)};
}

}  // namespace

void add_fault(loaded_config& to, std::string_view item, std::string what, std::string remedy) {
    to.faults.push_back(about_item(to, item, std::move(what), std::move(remedy)));
    sort_by_place(to.faults);
}

void add_note(loaded_config& to, std::string_view item, std::string what, std::string remedy) {
    to.notes.push_back(about_item(to, item, std::move(what), std::move(remedy)));
    sort_by_place(to.notes);
}

void check_values(loaded_config& loaded) {
    const auto& c = loaded.values;
    check_accounts(loaded);
    check_never_banned(loaded);
    if (c.tls.certificate.empty() != c.tls.private_key.empty())
        add_fault(loaded, c.tls.certificate.empty() ? "tls.private_key" : "tls.certificate",
                  "tls.certificate and tls.private_key belong together, one of them is missing",
                  "name both files, or neither for a self-signed certificate");
    check_owner_mailbox(loaded);
    check_sending(loaded);
    check_listeners(loaded);
    check_hostname(loaded);
    check_data_dir(loaded);
    // Those of the reader came by section.
    sort_by_place(loaded.faults);
    sort_by_place(loaded.notes);
}

void check_files(loaded_config& loaded, const clock& now) {
    check_certificate(loaded, now);
    check_log(loaded);
    if (loaded.values.hostname.empty()) {
        const auto name = hostname_of(loaded.values);
        if (name.find('.') == std::string::npos)
            add_note(loaded, "hostname",
                     "hostname is empty, and the machine's own name \"" + name + "\" has no dot",
                     "write the name under which others reach this server, for example "
                     "mail.example.org");
    }
}

}  // namespace hauspost::server
