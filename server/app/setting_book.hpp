#pragma once

#include "admin/setting_book.hpp"
#include "server/config/config.hpp"
#include "storage/ports.hpp"
#include "storage/setting_store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace hauspost::server {

/// What the owner has set, laid over the configuration file: an item of his that the file does not hold
/// has his value, else its default. What the file has is what counts.
///
/// Thread: that of the commands.
class setting_book final : public admin::setting_book {
public:
    /// file  without faults
    setting_book(loaded_config file, std::vector<storage::setting> rows);

    /// File and settings together: what the next start begins with.
    [[nodiscard]] const config& values() const noexcept { return values_; }

    /// The file was read again. What is in force follows by take_up or set_in_force.
    void set_file(loaded_config file);
    /// What the server goes by, which may still be another value of an item that waits for a start.
    void set_in_force(const config& running) { in_force_ = running; }
    /// put  puts what may be into force at once, and gives what is in force then
    void on_change(std::function<config(const config& fresh)> put) { put_ = std::move(put); }

    [[nodiscard]] std::vector<admin::known_setting> list() const override;
    [[nodiscard]] admin::outcome<std::string> judge(const std::string& name,
                                                    const std::string& typed) const override;
    void take_up(std::vector<storage::setting> rows) override;

private:
    void lay_over();

    loaded_config file_;
    std::vector<storage::setting> rows_;
    config values_;
    config in_force_;
    std::function<config(const config& fresh)> put_;
};

/// All rows, before any session begins.
/// Throws  storage::fault
[[nodiscard]] std::vector<storage::setting> read_settings(const storage::ports& store);

}  // namespace hauspost::server
