#pragma once

#include "admin/certificate_view.hpp"
#include "admin/local_routes.hpp"
#include "admin/outside.hpp"
#include "admin/owner_door.hpp"
#include "admin/password_maker.hpp"
#include "admin/resending.hpp"
#include "admin/setting_book.hpp"
#include "admin/sign_in_gate.hpp"
#include "admin/signing_keys.hpp"
#include "admin/text_index.hpp"
#include "admin/upkeep.hpp"
#include "base/clock.hpp"
#include "storage/audit_store.hpp"
#include "storage/ban_store.hpp"
#include "storage/directory_store.hpp"
#include "storage/expunged_store.hpp"
#include "storage/forward_store.hpp"
#include "storage/overview_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/queue_store.hpp"
#include "storage/sender_store.hpp"
#include "storage/setting_store.hpp"
#include "storage/sign_in_store.hpp"
#include "storage/trace_store.hpp"
#include "storage/traffic_store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hauspost::admin {

class dns_watch;
[[nodiscard]] std::shared_ptr<dns_watch> make_dns_watch();

/// What the DNS is to say of this server. Port 0: the service is not offered.
struct published_services {
    std::string hostname = "localhost";
    std::uint16_t submissions_port = 0;
    std::uint16_t imaps_port = 0;
    std::uint16_t pop3s_port = 0;
    std::uint16_t https_port = 0;  // where mail programs ask how an account is set up
    bool is_relayed = false;       // mail leaves by another server
    /// SHA-256 of the public key of the server's certificate, as hex; "": not known.
    std::string key_digest = {};
    // With STARTTLS.
    std::uint16_t submission_port = 0;
    std::uint16_t imap_port = 0;
    std::uint16_t pop3_port = 0;
    /// Where an Apple device finds the profile of an address, which comes right behind it with all
    /// that is not a letter or digit encoded; "": not offered.
    std::string profile_url = {};
    /// By domain of senders, instead of is_relayed.
    std::map<std::string, bool, std::less<>> relayed_of = {};
};

/// The page at which the owner does what the command line does, too.
struct owner_page {
    std::string origin = "https://127.0.0.1:8443";  // how a browser on this machine comes to it
    bool is_on = false;                             // something listens there
    std::chrono::seconds session_idle{std::chrono::minutes(30)};
    std::chrono::seconds session_longest{std::chrono::hours(12)};
};

/// Whom others are asked about this server.
struct reach_settings {
    std::string receiver = {};            // a domain whose servers are surely there; "": none
    std::vector<std::string> lists = {};  // of addresses that send what nobody wants, in the DNS
};

/// What the use cases work on. All outlive them.
struct ports {
    storage::directory_store& directory;
    storage::queue_store& queue;
    storage::expunged_store& expunged;
    const storage::heading_reader& headings;
    storage::sender_store& senders;
    storage::trace_store& trace;
    storage::forward_store& forwards;
    storage::owner_store& owner;
    storage::audit_store& audit;
    storage::traffic_store& traffic;
    storage::ban_store& bans;
    storage::sign_in_store& sign_ins;
    storage::setting_store& settings;
    storage::overview_store& overview;
    password_maker& passwords;
    owner_door& door;
    sign_in_gate& gate;
    signing_keys& keys;
    local_routes& routes;
    setting_book& book;
    certificate_view& certificates;
    upkeep& store;
    const clock& time;
    std::uint64_t default_quota_octets = 0;
    bool sends_mail = false;  // to other servers; else it waits
    published_services published = {};
    owner_page page = {};
    bool files_sent = true;  // of a new account
    /// Made once; copies share it.
    std::shared_ptr<dns_watch> dns = make_dns_watch();
    reach_settings reach = {};
    outside* others = nullptr;    // nullptr: the server does not run, or sends nothing
    text_index* index = nullptr;  // nullptr: the server does not run, or it is switched off
    resending* again = nullptr;   // nullptr: the server does not run
};

}  // namespace hauspost::admin
