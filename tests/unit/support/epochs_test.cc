// Epochs: support/epochs.cc.
#include "support/epochs.h"

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <thread>

using xgr::core::Epochs;

namespace {

struct Counted {
  explicit Counted(std::atomic<int>* n, int v = 0) : alive(n), value(v) { alive->fetch_add(1); }
  ~Counted() { value = -1, alive->fetch_sub(1); }
  std::atomic<int>* alive;
  int value;
};

Epochs::Garbage garbage_of(std::shared_ptr<const void> what, size_t bytes = 1) {
  Epochs::Garbage garbage = Epochs::new_garbage();
  garbage.front().items.push_back({std::move(what), bytes});
  return garbage;
}

}  // namespace

TEST_CASE("epochs: freed at once when nobody reads") {
  auto epochs = std::make_shared<Epochs>();
  std::atomic<int> alive{0};
  Epochs::Reader idle;
  {
    Epochs::Reading now(&idle, epochs);
  }
  epochs->retire(garbage_of(std::make_shared<Counted>(&alive), 100));
  CHECK(alive == 0);
  CHECK(epochs->waiting_bytes() == 0);
}

TEST_CASE("epochs: freed when those have ended who were reading, whoever began since") {
  auto epochs = std::make_shared<Epochs>();
  std::atomic<int> alive{0};
  Epochs::Reader early, late;
  std::optional<Epochs::Reading> before(std::in_place, &early, epochs);
  epochs->retire(garbage_of(std::make_shared<Counted>(&alive), 100));
  Epochs::Reading since(&late, epochs);
  epochs->free_unread();
  CHECK(alive == 1);
  CHECK(epochs->waiting_bytes() == 100);
  before.reset();
  epochs->free_unread();
  CHECK(alive == 0);
  CHECK(epochs->waiting_bytes() == 0);
  // The other one reads on, but cannot have found it.
  epochs->retire(garbage_of(std::make_shared<Counted>(&alive)));
  CHECK(alive == 1);
}

TEST_CASE("epochs: what is kept stays by itself, until dropped, replaced or abandoned") {
  auto epochs = std::make_shared<Epochs>();
  std::atomic<int> alive{0};
  for (int way = 0; way < 3; ++way) {
    std::optional<Epochs::Reader> reader(std::in_place);
    auto kept = std::make_shared<Counted>(&alive), other = std::make_shared<Counted>(&alive);
    {
      Epochs::Reading now(&*reader, epochs);
      reader->keep(kept.get());
    }
    epochs->retire(garbage_of(std::move(other)));
    CHECK(alive == 1);
    epochs->retire(garbage_of(std::move(kept)));
    {
      Epochs::Reading again(&*reader, epochs);
    }
    epochs->free_unread();
    CHECK(alive == 1);
    int another = 0;
    if (way == 0) reader->drop();
    if (way == 1) reader->keep(&another);
    if (way == 2) reader.reset();
    epochs->free_unread();
    CHECK(alive == 0);
  }
}

TEST_CASE("epochs: readers outlive the owner, and change it") {
  std::atomic<int> alive{0};
  Epochs::Reader reader;
  reader.drop();
  for (int i = 0; i < 3; ++i) {
    auto epochs = std::make_shared<Epochs>();
    std::optional<Epochs::Reading> now(std::in_place, &reader, epochs);
    epochs->retire(garbage_of(std::make_shared<Counted>(&alive)));
    CHECK(alive == 1);
    now.reset();
    epochs->free_unread();
    CHECK(alive == 0);
  }
}

TEST_CASE("epochs: threads read what others take out") {
  constexpr int kCells = 8, kReaders = 3, kRounds = 20000;
  auto epochs = std::make_shared<Epochs>();
  std::atomic<int> alive{0};
  std::vector<std::shared_ptr<const Counted>> owned(kCells);
  std::atomic<const Counted*> cells[kCells];
  for (int i = 0; i < kCells; ++i) {
    owned[static_cast<size_t>(i)] = std::make_shared<Counted>(&alive, i);
    cells[i] = owned[static_cast<size_t>(i)].get();
  }
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kReaders; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(static_cast<uint32_t>(t));
      Epochs::Reader reader;
      while (!stop) {
        const Counted* kept = nullptr;
        const int first = static_cast<int>(random() % kCells);
        {
          Epochs::Reading now(&reader, epochs);
          for (int i = 0; i < kCells; ++i) wrong += cells[i].load()->value != i;
          kept = cells[first].load();
          reader.keep(kept);
        }
        for (int i = 0; i < 20; ++i) wrong += kept->value != first;
        reader.drop();
      }
    });
  }
  for (int round = 0; round < kRounds; ++round) {
    const size_t at = static_cast<size_t>(round % kCells);
    Epochs::Garbage garbage = garbage_of(owned[at]);
    owned[at] = std::make_shared<Counted>(&alive, static_cast<int>(at));
    cells[at] = owned[at].get();
    epochs->retire(std::move(garbage));
  }
  stop = true;
  for (std::thread& t : threads) t.join();
  epochs->free_unread();
  CHECK(wrong == 0);
  CHECK(alive == kCells);
}
