#pragma once

#include "base/ids.hpp"
#include "storage/office_news.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace hauspost::storage {

/// Somebody who wants to know when an account changes. Called on the executor it was registered
/// with; must be quick and must not throw.
class account_listener {
public:
    virtual ~account_listener() = default;

    /// Mail of the account changed; the commit with this modseq is readable now. Carries no more on
    /// purpose: the session reads what changed. Several commits may arrive as one call.
    virtual void on_mail_changed(modseq highest) noexcept = 0;

    /// Password, active state or existence of the account changed: end the session.
    virtual void on_credentials_changed() noexcept = 0;

    /// News may have been lost: anything may have changed. Who does not look at everything anew
    /// ends, so that nobody stays in who may not.
    virtual void on_news_unknown() noexcept { on_credentials_changed(); }
};

/// Somebody who wants to know of everything that changes. Called on the executor it was registered
/// with; must be quick and must not throw.
class account_watcher {
public:
    virtual ~account_watcher() = default;

    /// Mail, credentials or existence of the account changed.
    virtual void on_account_changed(account_id account) noexcept = 0;

    /// Accounts, aliases or domains changed: what was looked up of an address may be another now.
    virtual void on_directory_changed() noexcept = 0;

    /// Mail waits to leave that did not, or is due at another time.
    virtual void on_queue_changed() noexcept = 0;

    /// Something that only the owner looks at.
    virtual void on_office_changed(const office_news&) noexcept {}

    /// News may have been lost: anything may have changed.
    virtual void on_news_unknown() noexcept = 0;
};

/// The port to what has changed. News are a hint: they may come late, twice, or for what the
/// listener has read already, and what may have been lost is told as unknown. So whoever listens
///
///   subscribes first and reads then: what commits between the two is read, or told, or both;
///   reads again when something comes: what it says is in the store by then.
///
/// Implementations wake each network thread at most once a commit.
///
/// Throws  nothing but std::bad_alloc
/// Thread  the executor's; the subscription is destroyed there, too
class change_feed {
public:
    virtual ~change_feed() = default;

    /// Destroying it ends the calls.
    class subscription {
    public:
        virtual ~subscription() = default;
    };

    /// Calls listener, which outlives the subscription, of this account's changes.
    [[nodiscard]] virtual std::unique_ptr<subscription> subscribe(
        account_id account, boost::asio::any_io_executor executor, account_listener& listener) = 0;

    /// The same for all accounts, and the directory.
    [[nodiscard]] virtual std::unique_ptr<subscription> watch(boost::asio::any_io_executor executor,
                                                              account_watcher& watcher) = 0;
};

}  // namespace hauspost::storage
