#pragma once

#include "storage/change_feed.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hauspost::test {

/// A feed as that of an engine behind a network: news may be lost or come twice, and then it is
/// told that some were lost. Thread: any.
class unsteady_feed final : public storage::change_feed {
public:
    explicit unsteady_feed(storage::change_feed& real) : real_(real) {}

    std::atomic<bool> loses = false;
    std::atomic<bool> doubles = false;

    /// To everybody who listens now, each on his executor.
    void tell_unknown() {
        const std::lock_guard lock(mutex_);
        for (const auto& one : listening_)
            boost::asio::post(one->executor, [one] {
                if (one->listener != nullptr) one->listener->on_news_unknown();
                if (one->watcher != nullptr) one->watcher->on_news_unknown();
            });
    }

    std::unique_ptr<subscription> subscribe(account_id account,
                                            boost::asio::any_io_executor executor,
                                            storage::account_listener& listener) override {
        auto made = std::make_unique<entry>(*this, executor);
        made->to->listener = &listener;
        made->real = real_.subscribe(account, std::move(executor), *made);
        return made;
    }
    std::unique_ptr<subscription> watch(boost::asio::any_io_executor executor,
                                        storage::account_watcher& watcher) override {
        auto made = std::make_unique<entry>(*this, executor);
        made->to->watcher = &watcher;
        made->real = real_.watch(std::move(executor), *made);
        return made;
    }

private:
    struct somebody {
        boost::asio::any_io_executor executor;
        storage::account_listener* listener = nullptr;  // both null: listens no more
        storage::account_watcher* watcher = nullptr;
    };
    class entry final : public subscription,
                        public storage::account_listener,
                        public storage::account_watcher {
    public:
        entry(unsteady_feed& of, boost::asio::any_io_executor executor)
            : to(std::make_shared<somebody>()), feed_(of) {
            to->executor = std::move(executor);
            const std::lock_guard lock(feed_.mutex_);
            feed_.listening_.push_back(to);
        }
        ~entry() override {
            real.reset();
            to->listener = nullptr;
            to->watcher = nullptr;
            const std::lock_guard lock(feed_.mutex_);
            std::erase(feed_.listening_, to);
        }
        void on_mail_changed(modseq highest) noexcept override {
            for (int n = 0; n < feed_.times(); ++n)
                to->listener->on_mail_changed(highest);
        }
        void on_credentials_changed() noexcept override {
            for (int n = 0; n < feed_.times(); ++n)
                to->listener->on_credentials_changed();
        }
        void on_account_changed(account_id account) noexcept override {
            for (int n = 0; n < feed_.times(); ++n)
                to->watcher->on_account_changed(account);
        }
        void on_directory_changed() noexcept override {
            for (int n = 0; n < feed_.times(); ++n)
                to->watcher->on_directory_changed();
        }
        void on_queue_changed() noexcept override {
            for (int n = 0; n < feed_.times(); ++n)
                to->watcher->on_queue_changed();
        }
        void on_office_changed(const storage::office_news& what) noexcept override {
            for (int n = 0; n < feed_.times(); ++n)
                to->watcher->on_office_changed(what);
        }
        void on_news_unknown() noexcept override {}  // the real one loses nothing
        std::shared_ptr<somebody> to;
        std::unique_ptr<subscription> real;

    private:
        unsteady_feed& feed_;
    };
    [[nodiscard]] int times() const noexcept { return loses ? 0 : doubles ? 2 : 1; }

    storage::change_feed& real_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<somebody>> listening_;
};

}  // namespace hauspost::test
