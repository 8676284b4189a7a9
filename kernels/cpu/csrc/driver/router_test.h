// The router against naive double arithmetic.
#pragma once
#include "driver/testing.h"

namespace {

using namespace driver;

Routed run_router(RouterArgs args, const Floats& logits, int rows, bool direct) {
  Routed r{std::vector<int32_t>(size_t(rows) * args.top_k, -7),
           Floats(size_t(rows) * args.top_k, 12345.0f)};
  args.logits = logits.data();
  args.chosen = r.chosen.data();
  args.weights = r.weights.data();
  Step step;
  step.rows = rows;
  run<Router>(&args, step, direct, !direct);
  return r;
}

// Scores, contest and choice of one row in double; ties by lower index.
std::vector<int> naive_choice(const RouterArgs& a, const float* logits, std::vector<double>& scores,
                              std::vector<double>& contest) {
  scores.resize(a.num_experts);
  const double most = *std::max_element(logits, logits + a.num_experts);
  double sum = 0;
  for (int i = 0; i < a.num_experts; i++) {
    scores[i] = a.sigmoid ? 1 / (1 + std::exp(-double(logits[i]))) : std::exp(logits[i] - most);
    sum += scores[i];
  }
  for (double& s : scores) s /= a.sigmoid ? 1 : sum;
  contest = scores;
  for (int i = 0; i < a.num_experts && a.bias; i++) contest[i] += a.bias[i];
  const auto order = [](const std::vector<double>& values) {
    std::vector<int> ids(values.size());
    for (size_t i = 0; i < ids.size(); i++) ids[i] = int(i);
    std::stable_sort(ids.begin(), ids.end(), [&](int x, int y) { return values[x] > values[y]; });
    return ids;
  };
  if (a.num_groups > 1) {
    const int size = a.num_experts / a.num_groups;
    std::vector<double> groups;
    for (int g = 0; g < a.num_groups; g++) {
      std::vector<double> in(contest.begin() + g * size, contest.begin() + (g + 1) * size);
      std::sort(in.rbegin(), in.rend());
      groups.push_back(a.sum_two ? in[0] + in[1] : in[0]);
    }
    const std::vector<int> best = order(groups);
    for (int rank = a.top_groups; rank < a.num_groups; rank++)
      for (int i = 0; i < size; i++) contest[best[rank] * size + i] = -INFINITY;
  }
  std::vector<int> ids = order(contest);
  ids.resize(a.top_k);
  return ids;
}

void check_router(RouterArgs args, int rows, bool biased, bool ties) {
  args.logits_stride = args.num_experts + 3;
  Floats logits = random_values(size_t(rows) * args.logits_stride, args.num_experts + rows, 2.0f);
  if (ties)
    for (float& v : logits) v = std::round(v);
  const Floats bias = random_values(args.num_experts, 9, 0.1f);
  if (biased) args.bias = bias.data();
  const Routed direct = run_router(args, logits, rows, true),
               redone = run_router(args, logits, rows, false);
  expect(direct.chosen == redone.chosen && direct.weights == redone.weights,
         "router: redo gives other bits");
  for (int row = 0; row < rows; row++) {
    std::vector<double> scores, contest;
    const std::vector<int> want =
        naive_choice(args, logits.data() + row * args.logits_stride, scores, contest);
    double sum = 0;
    for (int i = 0; i < args.top_k; i++) sum += scores[direct.chosen[row * args.top_k + i]];
    for (int i = 0; i < args.top_k; i++) {
      const int got = direct.chosen[row * args.top_k + i];
      // Another id is right where float cannot tell the two apart.
      expect(got == want[i] || std::fabs(contest[got] - contest[want[i]]) < 1e-6,
             "router %d/%d: place %d is %d, not %d", args.num_experts, args.top_k, i, got, want[i]);
      const double weight = scores[got] / (args.normalise ? sum + 1e-20 : 1) * args.scaling_factor;
      expect(std::fabs(direct.weights[row * args.top_k + i] - weight) <= weight * 2e-6 + 1e-30,
             "router: weight %g, not %g", direct.weights[row * args.top_k + i], weight);
    }
    if (rows > kFewRows) continue;
    const Floats one(logits.begin() + row * args.logits_stride,
                     logits.begin() + (row + 1) * args.logits_stride);
    const Routed alone = run_router(args, one, 1, true);
    expect(same_bits(alone.weights.data(), &direct.weights[row * args.top_k],
                     size_t(args.top_k) * 4) &&
               same_bits(alone.chosen.data(), &direct.chosen[row * args.top_k],
                         size_t(args.top_k) * 4),
           "router: row %d of %d has other bits", row, rows);
  }
}

void test_router_not_a_number() {
  for (int sigmoid : {0, 1})
    for (const RouterArgs& base :
         {router_args(64, 6, 1, 1), router_args(256, 8, 8, 4), router_args(20, 20, 4, 1)}) {
      RouterArgs args = base;
      args.sigmoid = sigmoid;
      args.normalise = args.sum_two = 1;
      args.logits_stride = args.num_experts;
      Floats logits = random_values(size_t(5) * args.num_experts, 2);
      const int n = args.num_experts;
      logits[3] = kNaN;
      std::fill(logits.begin() + n, logits.begin() + 2 * n, kNaN);
      std::fill(logits.begin() + 2 * n, logits.begin() + 3 * n, -kInf);
      logits[3 * n + 7] = kInf;
      const Routed r = run_router(args, logits, 5, true);
      for (int row = 0; row < 5; row++) {
        std::vector<int32_t> ids(r.chosen.begin() + row * args.top_k,
                                 r.chosen.begin() + (row + 1) * args.top_k);
        std::sort(ids.begin(), ids.end());
        expect(ids.front() >= 0 && ids.back() < n, "router: an id out of range");
        expect(std::adjacent_find(ids.begin(), ids.end()) == ids.end(), "router: an id twice");
      }
      expect(std::isnan(r.weights[0]), "router: a NaN logit gave weight %g", r.weights[0]);
    }
}

void test_router() {
  for (int rows : {1, 3, 8, 9, 25})
    for (int biased : {0, 1})
      for (int ties : {0, 1})
        for (int sigmoid : {0, 1}) {
          for (RouterArgs args :
               {router_args(8, 2, 1, 1), router_args(64, 6, 1, 1), router_args(66, 66, 1, 1),
                router_args(256, 8, 8, 4), router_args(160, 6, 8, 3), router_args(512, 64, 1, 1),
                router_args(12, 4, 6, 2), router_args(1, 1, 1, 1)}) {
            args.sigmoid = sigmoid;
            args.sum_two = biased;
            args.normalise = ties;
            check_router(args, rows, biased, ties);
          }
        }
  // Equal scores: the lower ids, in order.
  RouterArgs equal = router_args(64, 6, 8, 2);
  equal.logits_stride = 64;
  const Routed r = run_router(equal, Floats(64, 0.25f), 1, true);
  for (int i = 0; i < 6; i++) expect(r.chosen[i] == i, "router: tie went to %d", r.chosen[i]);
  test_router_not_a_number();
}

}  // namespace
