// Epochs: frees what was taken out of a shared structure once nobody can be reading it any more.
//
// For structures that are read through atomic pointers, without a lock. A reader tells when it
// begins and ends, by writing to a cache line of its own; what is taken out is freed when all who
// were reading by then have ended. One item can be kept for longer, without reading on.
//
//   Epochs::Reader reader;  // one each, used by one thread at a time
//   { Epochs::Reading now(&reader, epochs); use(pointer.load()->value); }
//
//   Epochs::Garbage garbage = Epochs::new_garbage();  // elsewhere
//   garbage.front().items.push_back(take_out(&pointer));
//   epochs->retire(std::move(garbage));
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace xgr::core {

class Epochs {
  struct alignas(64) Slot {
    std::atomic<uint64_t> since{0};          // epoch in which the reader began; 0: it does not read
    std::atomic<const void*> kept{nullptr};  // item that it goes on using
    Slot* next_free = nullptr;
  };

 public:
  struct Item {
    std::shared_ptr<const void> what;
    size_t bytes;  // more than 0
  };
  // What was taken out together. Allocated before anything is taken out, so that retiring cannot
  // fail.
  struct Batch {
    std::vector<Item> items;
    uint64_t epoch = 0;
  };
  using Garbage = std::list<Batch>;  // one batch
  static Garbage new_garbage() { return Garbage(1); }

  // Reads structures of one owner of epochs, of another when it is used with another.
  class Reader {
   public:
    Reader() = default;
    ~Reader() { detach(); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    // Found while reading: it stays until drop, another keep, or the end of the reader.
    void keep(const void* item) { slot_->kept.store(item, std::memory_order_release); }
    void drop() {
      if (slot_ && slot_->kept.load(std::memory_order_relaxed)) keep(nullptr);
    }

   private:
    friend class Epochs;
    void attach(const std::shared_ptr<Epochs>& epochs);
    void detach();
    std::shared_ptr<Epochs> epochs_;
    Slot* slot_ = nullptr;
  };

  // The time in which a reader reads. Not nested.
  class Reading {
   public:
    Reading(Reader* reader, const std::shared_ptr<Epochs>& epochs) {
      if (reader->epochs_ != epochs) reader->attach(epochs);
      slot_ = reader->slot_;
      // An exchange, since free_unread does one, too: whichever is second sees what the first saw.
      slot_->since.exchange(epochs->now_.load(std::memory_order_acquire),
                            std::memory_order_acq_rel);
    }
    ~Reading() { slot_->since.store(0, std::memory_order_release); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    Slot* slot_;
  };

  // Takes what nobody can find any more who begins to read from now on; frees what it can.
  void retire(Garbage garbage) noexcept;
  // Frees what nobody reads or keeps any more.
  void free_unread() noexcept;
  size_t waiting_bytes() const { return waiting_bytes_.load(std::memory_order_relaxed); }

 private:
  Slot* take_slot();
  void free_unread_locked() noexcept;

  std::atomic<uint64_t> now_{1};
  std::atomic<size_t> waiting_bytes_{0};
  std::mutex mutex_;
  std::deque<Slot> slots_;
  Slot* free_slots_ = nullptr;
  Garbage waiting_;  // oldest first
};

}  // namespace xgr::core
