#include "core/plan.h"

#include <cstring>

#include "core/system.h"

namespace pk {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr int kTileMargin = 16;  // rows beyond the capacity that the last tile may hold

// Several times what any known model has, and as much as every op's chunks can number (kMaxChunks)
// and their scratch can hold (kScratchBytes): `planned/weights` refuses such models before a plan.
constexpr int kMostHidden = 1 << 20, kMostWidth = 1 << 17;
constexpr int kMostExperts = 4096, kMostChosen = 256;
constexpr int kMostHeads = 1024, kMostLatentHeads = 512, kMostLatent = 2048, kMostHeadDim = 512;

// Values that a format's own blocks divide a row into.
int64_t block_of(int32_t format) {
  switch (format) {
    case kQ4_K: case kQ5_K: case kQ6_K: return 256;
    case kS8G16: case kA8G16: return 16;
    case kF32: case kBF16: case kF16: return 1;
    default: return 32;
  }
}

bool check(const Matrix& m, int64_t in, int64_t out, const char* what, std::string& error) {
  if (m.format < 0 || m.format >= kFormats) error = std::string(what) + " is of an unknown format";
  else if (m.in != in || m.out != out) error = std::string(what) + " has another shape than its op";
  else if (m.in % block_of(m.format)) error = std::string(what) + " has rows that are not whole blocks";
  else if (m.panel_stride < panel_bytes(m.format, m.in)) error = std::string(what) + " has panels that overlap";
  else if (!m.panels) error = std::string(what) + " is nowhere";
  else return true;
  return false;
}

}  // namespace

Region::Region(size_t bytes) : bytes_(bytes), data_(nullptr), mapped_(nullptr), mapped_bytes_(0) {
  // Huge pages where the system has them: at few rows a product walks through its input and
  // output once a panel, and small pages cost it there.
  const bool large = bytes >= kHugePage;
  mapped_bytes_ = static_cast<size_t>(round_up(static_cast<int64_t>(bytes ? bytes : 1), 4096)) + (large ? kHugePage : 0);
  mapped_ = static_cast<char*>(map_pages(mapped_bytes_));
  if (!mapped_) return;
  data_ = mapped_;
  if (large) {
    data_ = reinterpret_cast<char*>(round_up(reinterpret_cast<int64_t>(mapped_), kHugePage));
    prefer_large_pages(data_, bytes);
  }
}

Region::~Region() {
  if (mapped_) unmap_pages(mapped_, mapped_bytes_);
}

Plan::Plan(const LevelTable& level, int max_rows) : level_(level), max_rows_(max_rows) {
  tokens_ = static_cast<int64_t*>(memory(static_cast<size_t>(max_rows) * sizeof(int64_t)));
}

const int64_t* Plan::keep(const int64_t* tokens, int rows) {
  if (tokens && tokens_) std::memcpy(tokens_, tokens, static_cast<size_t>(rows) * sizeof(int64_t));
  return tokens_;
}

void* Plan::memory(size_t bytes) {
  auto region = std::make_unique<Region>(bytes);
  if (!region->data()) return nullptr;
  held_bytes_ += bytes;
  regions_.push_back(std::move(region));
  return regions_.back()->data();
}

Activations* Plan::activations(int k, int parts, int64_t tokens) {
  if (k <= 0 || k % 16 || parts < 1 || parts > 2) return nullptr;
  auto* a = static_cast<Activations*>(memory(sizeof(Activations)));
  if (!a) return nullptr;
  a->k = k;
  a->block = activation_block(k);
  a->capacity = static_cast<int32_t>((tokens ? tokens : max_rows_) + kTileMargin);
  const int64_t part = static_cast<int64_t>(a->capacity) * k / 4;
  a->x = static_cast<int32_t*>(memory(static_cast<size_t>(parts * part) * sizeof(int32_t)));
  if (parts == 2 && a->x) a->x_low = a->x + part;
  a->dx = static_cast<float*>(memory(static_cast<size_t>(a->capacity) * (k / a->block) * sizeof(float)));
  return a->x && a->dx ? a : nullptr;
}

void Plan::need(const Activations* a, int32_t format) {
  if (!a || is_float(format)) return;
  auto& mine = const_cast<Activations&>(*a);  // made by `activations` above
  mine.needs |= sums_of(format, mine.parts());
  reserve_sums(mine);
}

void Plan::reserve_sums(Activations& a) {
  for (int kind = 0; kind < kSumKinds; kind++)
    if ((a.needs >> kind & 1) && !a.sums[kind]) {
      // A kernel for the last rows reads whole vectors of tokens.
      const int64_t count = a.capacity * (sums_per_token(kind, a.k) + 1);
      a.sums[kind] = static_cast<int32_t*>(memory(static_cast<size_t>(count) * sizeof(int32_t)));
    }
}

template <class Args>
bool Plan::record(int op, const void* given, size_t bytes, std::string& error) {
  if (bytes != sizeof(Args)) {
    error = "the arguments have another size than this build of the kernels expects";
    return false;
  }
  auto* args = static_cast<Args*>(memory(sizeof(Args)));
  if (!args) {
    error = "there is no memory left";
    return false;
  }
  std::memcpy(static_cast<void*>(args), given, sizeof(Args));
  if constexpr (requires { prepare(*args, error); })
    if (!prepare(*args, error)) return false;
  const OpImpl& impl = level_.ops[op];
  for (const bool few : {false, true})
    for (int phase = 0; phase < impl.phases(args, few); phase++)
      phases_[few].push_back({&impl, args, phase});
  return true;
}

bool Plan::add(int op, const void* args, size_t bytes, std::string& error) {
  switch (op) {
    case kOpLinear: return record<LinearArgs>(op, args, bytes, error);
    case kOpEmbedding: return record<EmbeddingArgs>(op, args, bytes, error);
    case kOpNorm: return record<NormArgs>(op, args, bytes, error);
    case kOpRouter: return record<RouterArgs>(op, args, bytes, error);
    case kOpExperts: return record<ExpertsArgs>(op, args, bytes, error);
    case kOpMla: return record<MlaArgs>(op, args, bytes, error);
    case kOpGqa: return record<GqaArgs>(op, args, bytes, error);
    default: error = "there is no such op"; return false;
  }
}

bool Plan::prepare(LinearArgs& args, std::string& error) {
  if (args.count < 1 || args.count > kMaxParts) {
    error = "a product has between 1 and 8 matrices";
    return false;
  }
  for (int i = 0; i < args.count; i++) {
    const LinearPart& part = args.parts[i];
    const int64_t in = args.x ? args.x->k : part.weight.in;
    if (!check(part.weight, in, part.weight.out, "a matrix", error)) return false;
    if (is_float(part.weight.format) ? !args.x_float : !args.x) {
      error = "a matrix has no input of its kind";
      return false;
    }
    if (part.out_stride < round_up(part.weight.out, kPanelRows)) {
      error = "the output's rows are narrower than whole panels";
      return false;
    }
    need(args.x, part.weight.format);
  }
  return true;
}

// The op trusts these: ids that it chooses are valid whatever the logits.
bool Plan::prepare(RouterArgs& a, std::string& error) {
  const bool counts = a.num_experts >= 1 && a.num_experts <= 512 && a.top_k >= 1 && a.top_k <= 64 &&
                      a.top_k <= a.num_experts;
  if (!counts || a.num_groups < 1 || a.num_experts % a.num_groups || a.top_groups < 1 ||
      a.top_groups > a.num_groups || a.top_k > a.num_experts / a.num_groups * a.top_groups) {
    error = "experts can't be chosen in such numbers or groups";
    return false;
  }
  return true;
}

bool Plan::prepare(ExpertsArgs& a, std::string& error) {
  if (a.num_always < 0 || a.num_always > kMaxAlways || a.num_experts < 0 || a.top_k < 0 ||
      a.num_experts > kMostExperts || a.top_k > kMostChosen || a.top_k > a.num_experts ||
      a.top_k + a.num_always == 0) {
    error = "there is no such number of experts";
    return false;
  }
  if (a.hidden > kMostHidden || a.width > kMostWidth || a.always_width > kMostWidth) {
    error = "experts of that width are not offered";
    return false;
  }
  bool quantized_down = false, quantized_up = false, float_up = false;
  const auto check_expert = [&](const ExpertWeights& e, int width) {
    for (const Matrix* m : {&e.gate, &e.up}) {
      if (!check(*m, a.hidden, width, "an expert's matrix", error)) return false;
      if (is_float(m->format) ? !a.x_float : !a.x) {
        error = "an expert has no input of its kind";
        return false;
      }
      need(a.x, m->format);
    }
    return check(e.down, width, a.hidden, "an expert's down matrix", error);
  };
  const int experts = a.top_k ? a.num_experts : 0;
  for (int i = 0; i < experts; i++) {
    const ExpertWeights& e = a.experts[i];
    if (!check_expert(e, a.width)) return false;
    quantized_down |= !is_float(e.down.format);
    quantized_up |= !is_float(e.gate.format) || !is_float(e.up.format);
    float_up |= is_float(e.gate.format) || is_float(e.up.format);
  }
  for (int i = 0; i < a.num_always; i++)
    if (!check_expert(a.always[i], a.always_width)) return false;
  ExpertsWork* w = a.work = shared_work(a, quantized_up, float_up, quantized_down);
  if (!w) return error = "there is no memory left", false;
  for (int i = 0; i < experts; i++) {
    need(w->q, a.experts[i].down.format);
    need(w->gathered, a.experts[i].gate.format);
    need(w->gathered, a.experts[i].up.format);
  }
  for (int i = 0; i < a.num_always; i++) need(w->always_q[i], a.always[i].down.format);
  return true;
}

// Layers run one after another, so those of one shape share their work space: for 27 layers of
// 64 experts that is 36 MB instead of 970.
ExpertsWork* Plan::shared_work(const ExpertsArgs& a, bool quantized_up, bool float_up, bool quantized_down) {
  const int64_t shape[10] = {a.num_experts,  a.num_always, a.top_k,        a.hidden,
                             a.width,        a.always_width, a.parts,      quantized_up,
                             float_up,       quantized_down};
  uint32_t float_always = 0;
  for (int i = 0; i < a.num_always; i++) float_always |= is_float(a.always[i].down.format) ? 1u << i : 0u;
  for (const SharedWork& made : experts_work_) {
    if (std::memcmp(made.shape, shape, sizeof shape)) continue;
    uint32_t without = 0;
    for (int i = 0; i < a.num_always; i++) without |= made.work->always_q[i] ? 0u : 1u << i;
    if (without == float_always) return made.work;
  }
  ExpertsWork* work = new_work(a, quantized_up, float_up, quantized_down);
  if (!work) return nullptr;
  SharedWork made{};
  std::memcpy(made.shape, shape, sizeof shape);
  made.work = work;
  experts_work_.push_back(made);
  return work;
}

ExpertsWork* Plan::new_work(const ExpertsArgs& a, bool quantized_up, bool float_up, bool quantized_down) {
  const int64_t experts = a.top_k ? a.num_experts : 0;
  const int64_t items = static_cast<int64_t>(max_rows_) * a.top_k;
  // The worst case: every expert has a tile that is not full.
  const int64_t tiles = items / level_.tile + (experts < items ? experts : items) + 1;
  const int64_t tokens = tiles * level_.tile;
  auto* w = static_cast<ExpertsWork*>(memory(sizeof(ExpertsWork)));
  bool whole = w != nullptr;
  const auto floats = [&](int64_t count) {
    auto* p = static_cast<float*>(memory(static_cast<size_t>(count) * sizeof(float)));
    whole = whole && p;
    return p;
  };
  const auto quantized = [&](int k, int64_t count) {
    Activations* p = activations(k, a.parts, count);
    whole = whole && p;
    return p;
  };
  if (!whole) return nullptr;
  if (experts) {
    w->h_stride = round_up(a.width, kPanelRows);
    w->h = floats(tokens * w->h_stride);
    if (quantized_down) w->q = quantized(a.width, tokens);
    if (quantized_up) w->gathered = quantized(a.hidden, tokens);
    if (float_up) w->gathered_floats = floats(tokens * a.hidden);
    w->order = static_cast<int32_t*>(memory(items * sizeof(int32_t)));
    w->tiles = static_cast<ExpertTile*>(memory(tiles * sizeof(ExpertTile)));
    w->active = static_cast<ActiveExpert*>(memory((experts + 1) * sizeof(ActiveExpert)));
    w->count = static_cast<int32_t*>(memory((experts + 1) * sizeof(int32_t)));
    whole = whole && w->order && w->tiles && w->active && w->count;
  }
  if (a.num_always) {
    w->always_h_stride = round_up(a.always_width, kPanelRows);
    w->always_h_size = static_cast<int64_t>(max_rows_ + kTileMargin) * w->always_h_stride;
    w->always_h = floats(a.num_always * w->always_h_size);
    for (int i = 0; i < a.num_always; i++)
      if (!is_float(a.always[i].down.format)) w->always_q[i] = quantized(a.always_width, 0);
  }
  return whole ? w : nullptr;
}

// Attention's work space: one for all layers, as they run one after another.
uint8_t* Plan::shared_work(int64_t bytes) {
  if (bytes > work_bytes_) {
    work_ = static_cast<uint8_t*>(memory(static_cast<size_t>(bytes)));
    work_bytes_ = work_ ? bytes : 0;
  }
  return work_;
}

bool Plan::prepare(MlaArgs& a, std::string& error) {
  if (a.heads < 1 || a.heads > kMostLatentHeads || a.nope % 16 || a.latent % 16 || a.rope % 2 ||
      a.nope > kMostHeadDim || a.rope > kMostHeadDim || a.value > kMostHeadDim || a.latent > kMostLatent ||
      a.capacity < 1 || a.max_rows < max_rows_) {
    error = "latent attention of that shape is not offered";
    return false;
  }
  for (int head = 0; head < a.heads; head++) {
    const bool whole = a.keys_by_nope ? check(a.k_b[head], a.latent, a.nope, "a key matrix", error)
                                      : check(a.k_b[head], a.nope, a.latent, "a key matrix", error);
    if (!whole || !check(a.v_b[head], a.latent, a.value, "a value matrix", error)) return false;
    // What is quantized for one head is read by all.
    if (a.k_b[head].format != a.k_b[0].format || a.v_b[head].format != a.v_b[0].format) {
      error = "heads whose matrices are packed in different ways are not offered";
      return false;
    }
  }
  a.cache = static_cast<uint16_t*>(memory(static_cast<size_t>(mla_cache_bytes(a))));
  a.work = shared_work(mla_work_bytes(a));
  if (!a.cache || !a.work) return error = "there is no memory left", false;
  return true;
}

bool Plan::prepare(GqaArgs& a, std::string& error) {
  if (a.kv_heads < 1 || a.heads > kMostHeads || a.heads % a.kv_heads || a.head_dim % 2 || a.head_dim > 256 || a.rope_dim % 2 ||
      a.rope_dim > a.head_dim || a.capacity < 1 || a.max_rows < max_rows_) {
    error = "grouped-query attention of that shape is not offered";
    return false;
  }
  a.keys = static_cast<int32_t*>(memory(static_cast<size_t>(gqa_keys_bytes(a))));
  a.values = static_cast<int32_t*>(memory(static_cast<size_t>(gqa_values_bytes(a))));
  a.work = shared_work(gqa_work_bytes(a));
  if (!a.keys || !a.values || !a.work) return error = "there is no memory left", false;
  return true;
}

void Plan::end_section() {
  for (const bool few : {false, true})
    section_ends_[few].push_back(static_cast<int>(phases_[few].size()));
}

const PhaseRef* Plan::phases(bool few, int first, int last, int& count) const {
  const auto& ends = section_ends_[few];
  const int from = first > 0 ? ends[first - 1] : 0;
  const int to = last > 0 ? ends[last - 1] : 0;
  count = to - from;
  return phases_[few].data() + from;
}

}  // namespace pk
