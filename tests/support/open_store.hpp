#pragma once

// The store that tests open, and all its ports.
#include "storage/annotation_store.hpp"
#include "storage/audit_store.hpp"
#include "storage/blob_store.hpp"
#include "storage/change_feed.hpp"
#include "storage/delivery_store.hpp"
#include "storage/directory_store.hpp"
#include "storage/expunged_store.hpp"
#include "storage/lmdb/open_store.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/ports.hpp"
#include "storage/queue_store.hpp"
#include "storage/sharing_store.hpp"
#include "storage/store_keeper.hpp"
#include "storage/trace_store.hpp"
