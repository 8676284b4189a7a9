// What both attentions' tests need: memory full of NaN, a run of an op, packed matrices with known
// values, and attention in double. Included by attention_test.cpp alone.
#pragma once

namespace {

using namespace pk;
using namespace pk::PK_LEVEL;
using Floats = std::vector<float>;
using Doubles = std::vector<double>;

int failures = 0;

void expect(bool right, const char* format, ...) __attribute__((format(printf, 2, 3)));
void expect(bool right, const char* format, ...) {
  if (right || ++failures > 20) return;
  va_list values;
  va_start(values, format);
  std::vprintf(format, values);
  va_end(values);
  std::printf("\n");
}

std::mt19937 random_source(7);
Floats random_values(size_t count, float scale = 1.0f) {
  std::normal_distribution<float> normal(0.0f, scale);
  Floats values(count);
  for (float& v : values) v = normal(random_source);
  return values;
}

// 64-byte aligned bytes, filled with what a forgotten write would leave: NaN as bfloat16 or float.
class Bytes {
 public:
  explicit Bytes(int64_t count) : count_(static_cast<size_t>(round_up(count, 64))) {
    // As the plan's memory: large pages where there is much of it.
    const size_t page = count_ < driver::kLargePage ? 64 : driver::kLargePage;
    const size_t whole = count_ ? (count_ + page - 1) / page * page : page;
    data_.reset(driver::new_aligned(page, whole));
    std::memset(data_.get(), 0xff, count_);
  }
  template <class T> T* as() const { return reinterpret_cast<T*>(data_.get()); }
  size_t size() const { return count_; }

 private:
  struct Free { void operator()(uint8_t* p) const { driver::free_aligned(p); } };
  size_t count_;
  std::unique_ptr<uint8_t, Free> data_;
};

// ---------------------------------------------------------------------------- running an op

enum class Order { kForward, kBackwardTwice };

template <class Op>
void run(const void* args, const Step& step, Order order, bool direct) {
  static Bytes scratch(static_cast<int64_t>(kScratchBytes));
  for (int phase = 0; phase < Op::phases(args, step.few()); phase++) {
    const int chunks = Op::chunks(args, step, phase);
    expect(chunks <= 8192, "too many chunks: %d", chunks);
    for (int i = 0; i < chunks; i++)
      for (int time = 0; time < (order == Order::kForward ? 1 : 2); time++) {
        Worker worker;
        worker.begin(scratch.as<char>(), direct);
        Op::run(args, step, phase, order == Order::kForward ? i : chunks - 1 - i, worker);
        worker.commit();
      }
  }
}

Step step_of(int rows, int past) {
  Step step;
  step.rows = rows;
  step.past = past;
  return step;
}

// ---------------------------------------------------------------------------- packed matrices

struct Packed {
  Matrix m{};
  std::vector<uint8_t> bytes;
  Floats values;  // [out][in], exactly
};

uint16_t half_of(float power_of_two) {  // enough for scales that are powers of two
  int exponent;
  std::frexp(power_of_two, &exponent);
  return static_cast<uint16_t>((exponent - 1 + 15) << 10);
}

// Random codes in the layout of kernels/schemes/panels.py; scales about 1 / sqrt(in).
Packed packed_matrix(int32_t format, int out, int in) {
  Packed p;
  p.m.out = out;
  p.m.in = in;
  p.m.format = format;
  p.m.panel_stride = panel_bytes(format, in);
  p.bytes.assign(static_cast<size_t>(p.m.panel_stride * p.m.panel_count()) + 64, 0);
  p.values.assign(static_cast<size_t>(out) * in, 0.0f);
  std::normal_distribution<float> normal(0.0f, 1.0f / std::sqrt(static_cast<float>(in)));
  const auto random = [](int n) {
    return static_cast<int>(random_source() % static_cast<unsigned>(n));
  };
  for (int row = 0; row < out; row++) {
    const int r = row % 16;
    uint8_t* w = p.bytes.data() + row / 16 * p.m.panel_stride;
    for (int k = 0; k < in; k++) {
      float value;
      if (format == kF32) {
        value = normal(random_source);
        std::memcpy(w + k * 64 + r * 4, &value, 4);
      } else {
        const bool eight = format == kQ8_0;
        const int group = k / 32, i = k % 32, group_bytes = eight ? 512 : 320;
        uint8_t* header = w + group / 2 * (64 + 2 * group_bytes);
        uint8_t* codes = header + 64 + group % 2 * group_bytes;
        const float scale = std::exp2(
            std::round(std::log2((eight ? 0.014f : 0.11f) / std::sqrt(static_cast<float>(in)))) +
            static_cast<float>((row + group) % 2));
        const uint16_t half = half_of(scale);
        std::memcpy(header + group % 2 * 32 + 2 * r, &half, 2);
        const int code = random(eight ? 256 : 32), step = i / 4, byte = r * 4 + i % 4;
        if (eight) {
          codes[step * 64 + byte] = static_cast<uint8_t>(code);
          value = scale * static_cast<float>(code - 128);
        } else {
          codes[byte] |= static_cast<uint8_t>((code >> 4) << step);
          codes[64 + step / 2 * 64 + byte] |= static_cast<uint8_t>((code & 15) << (step % 2 * 4));
          value = scale * static_cast<float>(code - 16);
        }
      }
      p.values[static_cast<size_t>(row) * in + k] = value;
    }
  }
  p.m.panels = p.bytes.data();
  return p;
}

// Every format's panels as float, against the scalar dequantizer.
void test_panel_values() {
  for (int32_t format = 0; format < kFormats; format++)
    for (int k : {256, 512, 768}) {
      Matrix m{nullptr, panel_bytes(format, k), 16, k, format, 0};
      std::vector<uint8_t> bytes(static_cast<size_t>(m.panel_stride) + 64);
      for (auto& b : bytes) b = static_cast<uint8_t>(random_source());
      // Scales that are neither NaN nor huge, wherever they lie: clear the exponents' top bits.
      if (is_float(format) || format == kS8G16 || format == kA8G16)
        for (size_t i = 3; i < bytes.size(); i += 4) bytes[i] = (bytes[i] & 0x80) | 0x3e;
      else if (format != kMXFP4)
        for (size_t i = 1; i < bytes.size(); i += 2) bytes[i] &= 0xbf;
      else
        for (auto& b : bytes) b &= 0x7f;
      if (format == kF16 || format == kBF16)
        for (size_t i = 1; i < bytes.size(); i += 2) bytes[i] = (bytes[i] & 0x80) | 0x3e;
      m.panels = bytes.data();
      Floats out(static_cast<size_t>(k) * 16), row(k);
      panel_values(format, m.panels, k, out.data());
      for (int r = 0; r < 16; r++) {
        dequantize_row(m, r, row.data());
        double error = 0, size = 0;
        for (int i = 0; i < k; i++) {
          error = std::max(error, std::abs(double(out[i * 16 + r]) - row[i]));
          size = std::max(size, std::abs(double(row[i])));
        }
        expect(error <= 1e-6 * size, "panel_values: format %d, k %d, row %d: %g of %g", format, k,
               r, error, size);
      }
    }
}

// ---------------------------------------------------------------------------- references

struct RopeTables {
  Floats cos, sin;
  RopeTables(int64_t capacity, int dim) {
    for (int64_t p = 0; p < capacity; p++)
      for (int i = 0; i < dim / 2; i++) {
        const double angle = static_cast<double>(p) * std::pow(1e4, -2.0 * i / dim);
        cos.push_back(static_cast<float>(std::cos(angle)));
        sin.push_back(static_cast<float>(std::sin(angle)));
      }
    cos.resize(cos.size() + 1);
    sin.resize(sin.size() + 1);
  }
};

void turn(double* x, const RopeTables& t, int64_t position, int dim, bool interleaved) {
  Doubles y(x, x + dim);
  for (int i = 0; i < dim / 2; i++) {
    const double c = t.cos[position * (dim / 2) + i], s = t.sin[position * (dim / 2) + i];
    const int a = interleaved ? 2 * i : i, b = interleaved ? 2 * i + 1 : i + dim / 2;
    x[a] = y[a] * c - y[b] * s;
    x[b] = y[a] * s + y[b] * c;
  }
}

void normalise(double* x, const float* weight, int count, double eps) {
  double sum = 0;
  for (int i = 0; i < count; i++) sum += x[i] * x[i];
  const double by = 1 / std::sqrt(sum / count + eps);
  for (int i = 0; i < count; i++) x[i] *= by * weight[i];
}

// out [width] = Σ softmax(scores) · value(position).
template <class Value>
void softmax_mix(Doubles scores, int width, Value value, double* out) {
  const double top = *std::max_element(scores.begin(), scores.end());
  double sum = 0;
  for (double& s : scores) sum += s = std::exp(s - top);
  std::fill(out, out + width, 0.0);
  for (size_t p = 0; p < scores.size(); p++)
    for (int d = 0; d < width; d++) out[d] += scores[p] / sum * value(p, d);
}

double relative_error(const float* got, const double* wanted, int64_t count) {
  double error = 0, size = 1e-30;
  for (int64_t i = 0; i < count; i++) {
    error += (got[i] - wanted[i]) * (got[i] - wanted[i]);
    size += wanted[i] * wanted[i];
  }
  return error >= 0 ? std::sqrt(error / size) : 1e9;  // NaN counts as wrong
}

}  // namespace
