// AVX2's products of a group of codes and 4 or 6 tokens, with sums in memory.
//
// In assembly, as it takes all sixteen registers: sums of six tokens, two vectors of codes, a
// broadcast and a product. gcc 12 moved sums to memory and back, and stored what it added up
// in three places: with Q4_K intrinsics reached 0.52 of vpmaddubsw's rate, this 0.58. Both products
// of a token come before both additions: 0.84, not 0.81, of that rate in the inner loop alone.
// Moves take any address: gcc for Windows leaves the stack at 16 bytes.

// Sums of a token begin with its pair of words at `start`, or with the first k-step's products.
#define PK_BEGIN(n) "vpbroadcastd 4*" #n "(%[start]), %[p" #n "]\nvmovdqa %[p" #n "], %[q" #n "]\n"
#define PK_FIRST(n)                       \
  "vpbroadcastd 4*" #n "(%[x]), %[b]\n"   \
  "vpmaddubsw %[b], %[c0], %[p" #n "]\n"  \
  "vpmaddubsw %[b], %[c1], %[q" #n "]\n"
#define PK_THEN(n)                          \
  "vpbroadcastd 4*" #n "(%[x]), %[b]\n"     \
  "vpmaddubsw %[b], %[c0], %[t]\n"          \
  "vpmaddubsw %[b], %[c1], %[b]\n"          \
  "vpaddw %[t], %[p" #n "], %[p" #n "]\n"   \
  "vpaddw %[b], %[q" #n "], %[q" #n "]\n"
#define PK_CODES(at) "vmovdqu " at "(%[codes]), %[c0]\nvmovdqu 32+" at "(%[codes]), %[c1]\n"
#define PK_STEPS(places, what) \
  ".irp at," places "\n" PK_CODES("\\at") what "add %[stride], %[x]\n.endr\n"
#define PK_SCALES "vmovdqu (%[scale]), %[c0]\nvmovdqu 32(%[scale]), %[c1]\n"
// What becomes of the words of one half (register s, at `at` of a token's part) in the end.
#define PK_END_WHOLE(s, c, at)          \
  "vpmaddwd %[" c "], %[" s "], %[" s "]\n" \
  "vpaddd " at "(%[part]), %[" s "], %[" s "]\n" \
  "vmovdqu %[" s "], " at "(%[part])\n"
#define PK_END_KEEP(s, c, at)                  \
  "vpmaddwd %[times], %[" s "], %[" s "]\n" \
  "vmovdqu %[" s "], " at "(%[kept])\n"
#define PK_END_FLOAT(s, c, at)              \
  "vpmaddwd %[times], %[" s "], %[" s "]\n" \
  "vcvtdq2ps %[" s "], %[" s "]\n"          \
  "vfmadd213ps " at "(%[part]), %[" c "], %[" s "]\n" \
  "vmovups %[" s "], " at "(%[part])\n"
#define PK_END_ADDED(s, c, at)              \
  "vpmaddwd %[times], %[" s "], %[" s "]\n" \
  "vpaddd " at "(%[kept]), %[" s "], %[" s "]\n" \
  "vcvtdq2ps %[" s "], %[" s "]\n"          \
  "vfmadd213ps " at "(%[part]), %[" c "], %[" s "]\n" \
  "vmovups %[" s "], " at "(%[part])\n"
#define PK_BOTH(end, n) end("p" #n, "c0", "64*" #n) end("q" #n, "c1", "32+64*" #n)
#define PK_4(each) each(0) each(1) each(2) each(3)
#define PK_6(each) PK_4(each) each(4) each(5)
#define PK_ENDS_4(end) PK_BOTH(end, 0) PK_BOTH(end, 1) PK_BOTH(end, 2) PK_BOTH(end, 3)
#define PK_ENDS_6(end) PK_ENDS_4(end) PK_BOTH(end, 4) PK_BOTH(end, 5)
#define PK_SUM(n) [p##n] "=&x"(p##n), [q##n] "=&x"(q##n)
#define PK_SUMS_4 PK_SUM(0), PK_SUM(1), PK_SUM(2), PK_SUM(3)
#define PK_SUMS_6 PK_SUMS_4, PK_SUM(4), PK_SUM(5)
#define PK_RUN(N, steps, end)                                                                     \
  asm volatile(steps PK_SCALES PK_ENDS_##N(end)                                                            \
      : PK_SUMS_##N, [x] "+&r"(at), [b] "=&x"(b), [t] "=&x"(t), [c0] "=&x"(c0), [c1] "=&x"(c1)    \
      : [codes] "r"(r.codes), [stride] "r"(r.stride * 4), [start] "r"(r.start), [part] "r"(part), \
        [scale] "r"(r.scale), [kept] "r"(kept), [times] "m"(times)                                \
      : "memory")
// A run's k-steps, by how many there are and whether there is a start.
#define PK_ANY_RUN(N, end)                                                                    \
  if constexpr (kStart && kSteps == 8)                                                        \
    PK_RUN(N, PK_##N(PK_BEGIN) PK_STEPS("0,64,128,192,256,320,384,448", PK_##N(PK_THEN)), end); \
  else if constexpr (kStart)                                                                  \
    PK_RUN(N, PK_##N(PK_BEGIN) PK_STEPS("0,64,128,192", PK_##N(PK_THEN)), end);               \
  else if constexpr (kSteps == 8)                                                             \
    PK_RUN(N, PK_STEPS("0", PK_##N(PK_FIRST)) PK_STEPS("64,128,192,256,320,384,448", PK_##N(PK_THEN)), end); \
  else                                                                                        \
    PK_RUN(N, PK_STEPS("0", PK_##N(PK_FIRST)) PK_STEPS("64,128,192", PK_##N(PK_THEN)), end)

// Codes of kSteps k-steps, tokens' dwords with `stride` between k-steps, pairs of words (or none)
// that sums start from, and the scales: pairs of words for `kWhole`, else floats.
struct Run {
  const U8* codes;
  const int32_t* x;
  int64_t stride;
  const int32_t* start;
  const void* scale;
};

// What a run's sums become: whole numbers times scales, added to `part`; whole numbers kept in
// `kept`; floats times scales, added to `part`; the same with `kept` added before.
enum class End { kWhole, kKeep, kFloat, kAdded };

// part [N][16] of one run: words' pairs are multiplied by `by` where the scale is a float.
template <End kEnd, int kSteps, bool kStart, int N>
PK_INLINE void add_run_to(const Run& r, void* part, void* kept = nullptr, int by = 1) {
  static_assert((N == 4 || N == 6) && (kSteps == 4 || kSteps == 8));
  // Not an array: gcc stored it.
  [[maybe_unused]] __m256i p0, p1, p2, p3, p4, p5, q0, q1, q2, q3, q4, q5;
  __m256i b, t, c0, c1;
  const int32_t* at = r.x;
  const __m256i times = _mm256_set1_epi16(static_cast<int16_t>(by));
  if constexpr (N == 6) {
    if constexpr (kEnd == End::kWhole) { PK_ANY_RUN(6, PK_END_WHOLE); }
    else if constexpr (kEnd == End::kKeep) { PK_ANY_RUN(6, PK_END_KEEP); }
    else if constexpr (kEnd == End::kFloat) { PK_ANY_RUN(6, PK_END_FLOAT); }
    else { PK_ANY_RUN(6, PK_END_ADDED); }
  } else {
    if constexpr (kEnd == End::kWhole) { PK_ANY_RUN(4, PK_END_WHOLE); }
    else if constexpr (kEnd == End::kKeep) { PK_ANY_RUN(4, PK_END_KEEP); }
    else if constexpr (kEnd == End::kFloat) { PK_ANY_RUN(4, PK_END_FLOAT); }
    else { PK_ANY_RUN(4, PK_END_ADDED); }
  }
}
