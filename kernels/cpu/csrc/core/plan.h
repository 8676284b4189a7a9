// A plan: every op of a model's forward pass, recorded once and replayed for each step.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/args.h"
#include "core/attention_args.h"
#include "core/experts_work.h"
#include "core/levels.h"
#include "core/pool.h"

namespace pk {

// Memory that grows page by page as it is touched: a cache of a long context costs what it uses.
class Region {
 public:
  explicit Region(size_t bytes);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;
  char* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  size_t bytes_;
  char* data_;
  char* mapped_;
  size_t mapped_bytes_;
};

class Plan {
 public:
  Plan(const LevelTable& level, int max_rows);

  const LevelTable& level() const { return level_; }
  int max_rows() const { return max_rows_; }

  // Zeroed memory for the plan's life, 64-byte aligned; null if there is none.
  void* memory(size_t bytes);
  // Quantized rows of width `k`, of one part or two, for `tokens` tokens (0: the plan's rows).
  Activations* activations(int k, int parts, int64_t tokens);

  // Copies the arguments; false with `error` set if they can't run.
  bool add(int op, const void* args, size_t bytes, std::string& error);
  void end_section();

  int sections() const { return static_cast<int>(section_ends_[0].size()); }
  size_t held_bytes() const { return held_bytes_; }

  // The step's tokens, kept here: a late thread may look at them after the caller has gone.
  const int64_t* keep(const int64_t* tokens, int rows);

  // The phases of sections first … last - 1, for a step with few rows or with many.
  const PhaseRef* phases(bool few, int first, int last, int& count) const;

 private:
  bool prepare(LinearArgs& args, std::string& error);
  bool prepare(ExpertsArgs& args, std::string& error);
  bool prepare(RouterArgs& args, std::string& error);
  bool prepare(MlaArgs& args, std::string& error);
  bool prepare(GqaArgs& args, std::string& error);
  ExpertsWork* shared_work(const ExpertsArgs& args, bool quantized_up, bool float_up, bool quantized_down);
  ExpertsWork* new_work(const ExpertsArgs& args, bool quantized_up, bool float_up, bool quantized_down);
  uint8_t* shared_work(int64_t bytes);
  template <class Args>
  bool record(int op, const void* args, size_t bytes, std::string& error);
  void need(const Activations* a, int32_t format);
  void reserve_sums(Activations& a);

  const LevelTable& level_;
  const int max_rows_;
  size_t held_bytes_ = 0;
  int64_t* tokens_ = nullptr;
  // Work space of the experts ops so far: layers of one shape share it.
  struct SharedWork {
    int64_t shape[10];
    ExpertsWork* work;
  };
  std::vector<SharedWork> experts_work_;
  uint8_t* work_ = nullptr;
  int64_t work_bytes_ = 0;
  std::vector<std::unique_ptr<Region>> regions_;
  std::vector<PhaseRef> phases_[2];  // [few]
  std::vector<int> section_ends_[2];
};

}  // namespace pk
