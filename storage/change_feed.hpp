#pragma once

#include "base/ids.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <vector>

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
};

/// Somebody who wants to know of every account that changes. Called on the executor it was
/// registered with; must be quick and must not throw.
class account_watcher {
public:
    virtual ~account_watcher() = default;
    /// Mail, credentials or existence of the account changed.
    virtual void on_account_changed(account_id account) noexcept = 0;
};

/// The port to what has changed: tells sessions about commits. Implementations wake each network
/// thread at most once a commit.
///
/// Throws  nothing but std::bad_alloc
class change_feed {
public:
    virtual ~change_feed() = default;

    /// Registers until the returned handle is destroyed, which must happen on `executor`'s thread,
    /// from where subscribe is called too.
    class subscription {
    public:
        virtual ~subscription() = default;
    };
    [[nodiscard]] virtual std::unique_ptr<subscription> subscribe(
        account_id account, boost::asio::any_io_executor executor, account_listener& listener) = 0;
    /// The same for all accounts.
    [[nodiscard]] virtual std::unique_ptr<subscription> watch(boost::asio::any_io_executor executor,
                                                              account_watcher& watcher) = 0;
};

}  // namespace hauspost::storage
