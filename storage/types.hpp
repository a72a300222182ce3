#pragma once

/// All values that cross the storage ports.
#include "base/clock.hpp"
#include "mail/change.hpp"
#include "mail/metadata.hpp"
#include "mail/rights.hpp"
#include "storage/account.hpp"
#include "storage/fault.hpp"
#include "storage/mailbox.hpp"
#include "storage/message.hpp"
#include "storage/queue_item.hpp"
#include "storage/sending.hpp"
