#include "server/app/app.hpp"

#include "base/log.hpp"
#include "certs/self_signed.hpp"
#include "storage/owner_store.hpp"
#include "storage/store_keeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <utility>
#include <vector>

namespace hauspost::server {
namespace {

/// Those of the configuration; without any a self-signed one, which is made when there is none yet.
std::vector<certs::certificate_files> ensure_certificate(const config& c, const clock& now) {
    if (!c.tls.certificate.empty()) return {{c.tls.certificate, c.tls.private_key}};
    const std::filesystem::path folder = std::filesystem::path(c.data_dir) / "tls";
    return {certs::ensure_self_signed(folder, hostname_of(c), now)};
}

/// More connections than the system lets us open would only move the fault from the gate to
/// accept(): the limit of open files is raised as far as it goes, and then counts.
net::gate_limits raise_open_files(net::gate_limits limits) {
    limits.max_connections = net::connections_for_open_files(limits.max_connections);
    return limits;
}

delivery::sink_config sink_config_of(const config& c, bool may_relay) {
    auto made = c.delivery;
    made.routing.may_relay = may_relay;
    made.hostname = hostname_of(c);
    made.trace_subjects = c.store.trace_subjects;
    return made;
}

/// The store with summaries of this version, before anybody reads them: an index and sorted lists
/// rely on summaries that stay as they are. A signal still ends the process here; the next start
/// does it anew.
backend& renew_summaries(backend& of, const storage::summary_maker& summaries) {
    of.store().keeper.renew_summaries(summaries);
    return of;
}

/// null: it is switched off. What there was of it goes then: nobody would keep it up with the mail.
std::unique_ptr<storage::index::search_indexer> open_or_remove_index(
    const config& c, backend& with, const storage::text_maker& text) {
    auto settings = c.index;
    settings.folder = std::filesystem::path(c.data_dir) / "index";
    settings.store_generation = with.store().keeper.put_backs();
    if (!c.has_index) {
        std::filesystem::remove_all(settings.folder);
        return nullptr;
    }
    const auto& store = with.store();
    const storage::index::indexer_ports ports{store.mailboxes, store.blobs, store.directory,
                                              store.changes,   text,        with.workers()};
    return std::make_unique<storage::index::search_indexer>(ports, settings);
}

/// Where commands of the control socket run as well: some walk all accounts, for which no network
/// thread has the time.
awaitable<admin::api::answer> run_on(asio::io_context& loop,
                                     backend& with,
                                     admin::api::json::object request,
                                     admin::caller who,
                                     std::optional<admin::opened_session>* opened) {
    auto work = with.run(std::move(request), std::move(who), opened);
    co_return co_await asio::co_spawn(loop, std::move(work), asio::use_awaitable);
}

admin::web::office make_office(backend& with,
                               const config& c,
                               asio::io_context& loop,
                               admin::web::page_news& news) {
    return {with.admin_ports(),
            [&with, &loop](admin::api::json::object request, admin::caller who,
                           std::optional<admin::opened_session>* opened) {
                return run_on(loop, with, std::move(request), std::move(who), opened);
            },
            news, hostname_of(c), HAUSPOST_VERSION};
}

/// Whoever may connect to the control socket is at a shell of this machine.
admin::caller caller_of(control::peer_user who) {
    admin::caller made;
    if (who) made.from = "uid " + std::to_string(*who);
    return made;
}

/// Before anybody may sign in. A row that cannot be read is no reason not to serve mail.
void take_up_bans(backend& with) {
    asio::io_context alone(1);
    asio::co_spawn(alone, with.take_up_bans(), [](std::exception_ptr fault) {
        if (fault) log::error("fault what=bans advice=\"`hauspost check` tells more\"");
    });
    alone.run();
}

/// "a b c", for a log line.
std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

}  // namespace

app::app(loaded_config file, std::string config_path, open_ports ports, instance_lock lock)
    : config_path_(std::move(config_path)),
      lock_(std::move(lock)),
      backend_(file),
      config_(backend_.settings().values()),
      index_(open_or_remove_index(config_, renew_summaries(backend_, summaries_), index_text_)),
      certificates_(ensure_certificate(config_, backend_.time()), backend_.time()),
      gate_(raise_open_files(config_.gate)),
      signer_(backend_.store().directory, backend_.keys(), backend_.time()),
      forwards_(backend_.store().directory, backend_.store().secrets, backend_.time()),
      limits_(
          backend_.store().directory, backend_.store().senders, backend_.time(), config_.senders),
      inbound_(backend_.store().directory,
               backend_.store().delivery,
               {backend_.store().blobs, summaries_, backend_.workers()},
               backend_.time(),
               sink_config_of(config_, false),
               {nullptr, &forwards_}),
      relay_(backend_.store().directory,
             backend_.store().delivery,
             {backend_.store().blobs, summaries_, backend_.workers()},
             backend_.time(),
             sink_config_of(config_, true),
             {&signer_, &forwards_, &limits_}),
      resender_(relay_,
                backend_.store().blobs,
                backend_.workers(),
                backend_.time(),
                hostname_of(config_)),
      resent_(resender_),
      senders_(backend_.store().directory),
      submission_(relay_, senders_, backend_.time(), hostname_of(config_), &limits_),
      owners_(backend_.store().directory),
      owner_(owners_,
             config_.delivery.routing,
             backend_.store().delivery,
             {backend_.store().blobs, summaries_, backend_.workers()},
             backend_.time(),
             hostname_of(config_)),
      watch_(backend_.store().directory, backend_.store().senders, limits_, owner_),
      refusals_(backend_.store().trace, backend_.time()),
      office_(make_office(backend_, config_, main_, news_)),
      logins_(backend_.authenticator(), backend_.store().traffic, backend_.store().sign_ins),
      services_(
          make_services({backend_.store(), index_.get(), logins_, summaries_, inbound_, submission_,
                         senders_, refusals_, office_, backend_.workers(), backend_.time(),
                         backend_.monotonic(), certificates_, gate_, sessions_},
                        config_)),
      threads_(config_.network_threads),
      main_(1),
      news_(backend_.store().changes, backend_.monotonic(), main_.get_executor()),
      signals_(main_, SIGTERM, SIGINT, SIGHUP),
      control_(main_.get_executor(),
               config_.data_dir,
               [this](admin::api::json::object request, control::peer_user who) {
                   return backend_.run(std::move(request), caller_of(who));
               }) {
    log_certificates();
    backend_.settings().on_change([this](const config& fresh) {
        // Files of a certificate, and of the log, that a reload did not take are not in force.
        auto wanted = fresh;
        wanted.tls = config_.tls;
        wanted.log = config_.log;
        (void)put_in_force(wanted);
        return config_;
    });
    backend_.certificates().show(certificates_, [this] { return reload_files(config_); });
    if (index_) {
        index_view_ = std::make_unique<index_view>(*index_);
        backend_.show(*index_view_);
    }
    backend_.show(resent_);
    if (config_.sending.is_on()) {
        sending_ = std::make_unique<sending>(config_, backend_.store(), relay_, watch_, signer_,
                                             backend_.workers(), backend_.time(),
                                             backend_.monotonic(), threads_.loop(0));
        outside_ = std::make_unique<outside_view>(*sending_);
        backend_.show(*outside_);
    }
    listen(ports);
}

void app::listen(open_ports& ports) {
    const listening_at here{threads_, gate_, config_.tls_handshake};
    for (const auto& one : services_)
        for (auto& made : open_listeners(here, ports, *one))
            listeners_.push_back(std::move(made));
    if (listeners_.empty()) log::warn("listen_nowhere advice=\"[listen] is empty\"");
}

bool app::run() {
    await_signal();
    // Before the first login in all likelihood; until it is done unknown users cost what is
    // configured.
    asio::co_spawn(main_, backend_.authenticator().learn_costs(), [this](std::exception_ptr fault) {
        // A server that stops so soon refuses it its pool.
        if (fault && !is_draining_) log::error("fault what=learn_costs");
    });
    if (sending_)
        asio::co_spawn(main_, ensure_all_keys(backend_.store().directory, backend_.keys()),
                       [this](std::exception_ptr fault) {
                           if (fault && !is_draining_) log::error("fault what=keys");
                       });
    if (sending_ && config_.dns_check.count() != 0)
        asio::co_spawn(main_, watch_dns(), [this](std::exception_ptr fault) {
            if (fault && !is_draining_) log::error("fault what=dns_check");
        });
    if (config_.listen.first_port("admin") != 0)
        asio::co_spawn(main_, greet_owner(), [this](std::exception_ptr fault) {
            if (fault && !is_draining_) log::error("fault what=setup_link");
        });
    take_up_bans(backend_);
    auto tell = [this](const std::string&) { asio::post(main_, [this] { on_store_broken(); }); };
    backend_.store().keeper.on_broken(std::move(tell));
    threads_.start();
    if (index_) index_->start();
    for (auto& one : listeners_)
        one->start();
    if (sending_)
        sending_->start();
    else
        log::info(
            "send_off advice=\"mail for other servers waits in the queue: set "
            "delivery.resolver or delivery.relay\"");
    log::info("start version={} hostname={} data_dir={} threads={}", HAUSPOST_VERSION,
              hostname_of(config_), log_safe(config_.data_dir), threads_.size());
    main_.run();
    if (index_) index_->stop();
    // The pools resume their callers on the network threads, so those go last.
    if (sending_) sending_->stop_lookups();
    refusals_.finish();
    backend_.stop();
    // What waited for a pool on this thread ends, too: its coroutine would stay for ever.
    main_.restart();
    main_.poll();
    threads_.stop();
    backend_.store().keeper.on_broken(nullptr);
    log::info("stop reason={}", is_store_broken_ ? "store_broken" : "asked");
    return !is_store_broken_;
}

/// The link goes to a terminal alone: what a service prints is kept in a journal, which others read,
/// or mixed with the log.
awaitable<void> app::greet_owner() {
    if (::isatty(STDOUT_FILENO) == 0) {
        const auto row = co_await backend_.store().owner.find_owner();
        if (!row.has_password())
            log::warn(
                "owner_missing advice=\"`hauspost owner setup-link` prints the link by which the "
                "owner chooses a password\"");
        co_return;
    }
    auto work = backend_.first_setup_link();
    const auto made = co_await std::move(work);
    if (!made) co_return;
    const std::string text =
        "The owner's page waits for its owner. This link is good once, for a day:\n  " +
        std::string(made->url.reveal()) + "\n";
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

/// The first time soon after the start: what was found before is not kept.
awaitable<void> app::watch_dns() {
    constexpr std::chrono::seconds first{120};
    for (auto pause = std::min(first, config_.dns_check);; pause = config_.dns_check) {
        co_await backend_.monotonic().pause(pause);
        if (is_draining_) co_return;
        try {
            auto work = backend_.check_domains();
            co_await std::move(work);
        } catch (const std::exception& fault) {
            // Of the store; the next look may do better.
            log::error("fault what=dns_check why={}", log_safe(fault.what()));
        }
    }
}

void app::await_signal() {
    signals_.async_wait([this](error_code ec, int number) {
        if (ec) return;
        await_signal();
        on_signal(number);
    });
}

void app::on_signal(int number) {
    if (number == SIGHUP) return reload();
    if (is_draining_) {
        // Nothing is lost by it: what was answered is on the disk.
        log::warn("stop_at_once reason=second_signal");
        flush_log();
        std::_Exit(EXIT_FAILURE);
    }
    drain(config_.drain);
}

/// Whoever sends mail keeps it and tries again; a process that is started anew takes it. So this
/// one ends soon.
void app::on_store_broken() {
    constexpr std::chrono::seconds at_most{5};
    is_store_broken_ = true;
    if (!is_draining_) drain(std::min(at_most, config_.drain));
}

void app::drain(std::chrono::seconds at_most) {
    is_draining_ = true;
    log::info("drain sessions={} at_most_s={}", gate_.open(), at_most.count());
    sessions_.stop_all();
    listeners_stopping_ = listeners_.size() + 1;
    for (auto& one : listeners_)
        asio::co_spawn(main_, one->stop(at_most), [this](std::exception_ptr fault) {
            if (fault) log::error("fault what=listener_stop");
            on_listener_stopped();
        });
    if (sending_) return stop_sending(at_most);
    on_listener_stopped();  // the one that was added, for a server without listeners
}

/// What is being delivered may end; what is not done by then is due again after the next start.
void app::stop_sending(std::chrono::seconds at_most) {
    auto& loop = threads_.loop(0).io();
    asio::co_spawn(loop, sending_->stop(at_most), [this](std::exception_ptr fault) {
        if (fault) log::error("fault what=send_stop");
        asio::post(main_, [this] { on_listener_stopped(); });
    });
}

void app::on_listener_stopped() {
    if (--listeners_stopping_ > 0) return;
    control_.stop();
    signals_.cancel();
    main_.stop();
}

void app::reload() {
    auto loaded = load_config(config_path_);
    for (const auto& fault : loaded.faults)
        log::error("reload_refused line={} column={} what={} remedy={}", fault.line, fault.column,
                   log_safe(fault.what, 400), log_safe(fault.remedy, 400));
    if (!loaded.faults.empty())
        return log::error("reload result=refused kept=all file={}", log_safe(config_path_, 400));
    log_notes(loaded.notes);
    backend_.settings().set_file(std::move(loaded));
    auto fresh = backend_.settings().values();
    std::vector<std::string> failed;
    if (!reload_log(fresh)) {
        failed.emplace_back("log");
        fresh.log = config_.log;
    }
    if (!reload_certificate(fresh)) {
        failed.emplace_back("certificate");
        // Kept, so that the next SIGHUP tries the new files again.
        fresh.tls = config_.tls;
    }
    const auto change = put_in_force(fresh);
    backend_.settings().set_in_force(config_);
    if (!change.waiting.empty())
        log::warn(
            "reload_waits items=\"{}\" advice=\"they come into force at the next start: "
            "restart the server\"",
            joined(change.waiting));
    if (failed.empty())
        log::info("reload result=done changed=\"{}\"", joined(change.applied));
    else
        log::error("reload result=incomplete failed=\"{}\" kept=old", joined(failed));
}

config_change app::put_in_force(const config& fresh) {
    auto change = change_of(config_, fresh);
    config_ = change.values;
    backend_.put_in_force(config_);
    limits_.set(config_.senders);
    inbound_.trace_subjects(config_.store.trace_subjects);
    relay_.trace_subjects(config_.store.trace_subjects);
    for (const auto& one : services_)
        one->reload(config_);
    return change;
}

/// Opens the log's file anew, also when nothing has changed: it may have been moved away.
bool app::reload_log(const config& fresh) {
    try {
        set_up_log(fresh.log);
        return true;
    } catch (const std::exception& fault) {
        log::error("reload_log kept=old what={}", log_safe(fault.what(), 400));
        return false;
    }
}

bool app::reload_certificate(const config& fresh) {
    return reload_files(fresh).empty();
}

std::vector<std::string> app::reload_files(const config& fresh) {
    std::vector<std::string> faults;
    try {
        auto files = ensure_certificate(fresh, backend_.time());
        faults = fresh.tls == config_.tls ? certificates_.reload()
                                          : certificates_.replace(std::move(files));
    } catch (const std::exception& fault) {
        faults.emplace_back(fault.what());
    }
    for (const auto& text : faults)
        log::error("reload_certificate kept=old what={}", log_safe(text, 400));
    log_certificates();
    return faults;
}

void app::log_certificates() {
    const auto now = backend_.time().now();
    const auto warn = [](const std::string& text) {
        if (!text.empty()) log::warn("certificate what={}", log_safe(text, 400));
    };
    for (const auto& cert : certificates_.all()) {
        log::info("certificate subject={} ends={} file={}", log_safe(cert->subject),
                  certs::day_of(cert->not_after), log_safe(cert->files.certificate.string(), 400));
        warn(certs::find_time_fault(*cert, now));
        warn(certs::find_name_fault(*cert, hostname_of(config_)));
    }
}

}  // namespace hauspost::server
