// Quantizes hostile rows with every format and prints one number that depends on every byte and
// every answer. Builds of the quantizer for different processors have to print the same; under
// the sanitizers it is a check of its own.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "quantize.h"

namespace {

struct Random {
    uint32_t state = 1;
    // From -1 to 1.
    float next() {
        state = state * 1664525u + 1013904223u;
        return static_cast<float>(static_cast<int32_t>(state) >> 8) / 8388608.0f;
    }
};

struct Digest {
    uint64_t value = 1469598103934665603ull;  // FNV-1a
    void add(int byte) { value = (value ^ static_cast<uint64_t>(byte)) * 1099511628211ull; }
};

enum Mode { kPlain, kShortRows, kOffCentre, kOutlierWeighted, kHalfWithoutWeight, kModes };

void quantize(const char* scheme, float scale, int mode, Random& random, Digest& digest) {
    const bool is_small = scheme[3] == '0';
    const int64_t rows = 3, columns = mode == kShortRows && is_small ? 32 * 7 : 512;
    std::vector<float> values(static_cast<size_t>(rows * columns));
    std::vector<float> weights(static_cast<size_t>(columns));
    for (float& value : values) {
        const float a = random.next();  // its cube: heavy tails
        value = a * a * a * scale + (mode == kOffCentre ? scale * 0.7f : 0.0f);
    }
    if (mode == kOutlierWeighted) values[100] *= 1e3f;
    for (size_t i = 0; i < weights.size(); ++i) {
        weights[i] = mode == kHalfWithoutWeight && i < 256 ? 0.0f : std::fabs(random.next());
    }
    const int64_t bytes = rows * pk_quantize_row_bytes(scheme, columns);
    std::vector<unsigned char> out(static_cast<size_t>(bytes));
    const bool is_weighted = mode == kOutlierWeighted || mode == kHalfWithoutWeight;
    const int status = pk_quantize(scheme, values.data(), rows, columns,
                                   is_weighted ? weights.data() : nullptr, out.data());
    digest.add(status);
    if (status != PK_QUANTIZE_DONE) return;
    for (const unsigned char byte : out) digest.add(byte);
}

}  // namespace

int main() {
    Random random;
    Digest digest;
    for (const char* scheme : {"Q4_K", "Q5_K", "Q6_K", "Q8_0", "Q5_0", "Q4_0"}) {
        for (const float scale :
             {0.0f, 1e-42f, 1e-30f, 1e-8f, 1e-5f, 1e-3f, 1.0f, 1e4f, 3e5f, 1e30f}) {
            for (int mode = 0; mode < kModes; ++mode) quantize(scheme, scale, mode, random, digest);
        }
    }
    std::printf("%016llx\n", static_cast<unsigned long long>(digest.value));
    return 0;
}
