#include "envs/digits/skeletons.hpp"

#include <array>
#include <cstddef>

namespace saccade::envs {
namespace {

constexpr auto sharp = Knot::Turn::sharp;

// clang-format off
const std::vector<Skeleton> zero{
    // closed, from the top against the clock
    {5,
     {{{.62F, .03F}, {.07F, .46F}, {.48F, .99F}, {.93F, .52F}, {.55F, .01F}, {.36F, .06F}}}},
    // the end crosses the start
    {1,
     {{{.74F, .10F}, {.40F, .03F}, {.07F, .48F}, {.46F, .98F}, {.92F, .48F}, {.62F, .08F}, {.30F, .16F}}}},
    // the end overshoots at the top left
    {1,
     {{{.39F, .0F}, {.16F, .20F}, {.05F, .60F}, {.30F, .97F}, {.72F, .85F}, {.93F, .42F}, {.72F, .10F},
       {.41F, .10F}, {.22F, .22F}}}},
    // a loop at the top right, as the pen leaves
    {.5F,
     {{{.63F, .08F}, {.28F, .14F}, {.07F, .55F}, {.28F, .95F}, {.68F, .92F}, {.90F, .50F}, {.72F, .14F},
       {.52F, .16F}, {.63F, .24F}, {.95F, .06F}}}},
};

const std::vector<Skeleton> one{
    // a line
    {8,
     {{{.50F, .0F}, {.50F, .5F}, {.50F, 1.F}}}},
    // with a serif
    {1.5F,
     {{{.30F, .20F}, {.50F, .0F, sharp}, {.50F, .5F}, {.50F, 1.F}}}},
    // with a serif and a foot
    {1.2F,
     {{{.28F, .20F}, {.52F, .0F, sharp}, {.50F, .5F}, {.50F, 1.F}},
      {{.18F, 1.F}, {.82F, 1.F}}}},
};

const std::vector<Skeleton> two{
    // straight base
    {2,
     {{{.15F, .20F}, {.45F, .0F}, {.78F, .20F}, {.60F, .58F}, {.10F, 1.F, sharp}, {.92F, 1.F}}}},
    // like a Z
    {1,
     {{{.10F, .08F}, {.45F, .03F}, {.80F, .08F, sharp}, {.48F, .50F}, {.10F, .95F, sharp}, {.50F, .96F},
       {.92F, .95F}}}},
    // a loop at the base
    {2,
     {{{.15F, .22F}, {.45F, .0F}, {.76F, .20F}, {.62F, .60F}, {.30F, .94F}, {.08F, .92F}, {.18F, .74F},
       {.42F, .82F}, {.68F, .97F}, {.98F, .88F}}}},
    // a wavy base
    {2,
     {{{.15F, .20F}, {.48F, .0F}, {.78F, .22F}, {.55F, .62F}, {.12F, .97F, sharp}, {.35F, .88F},
       {.65F, .97F}, {.98F, .90F}}}},
    // a large loop at the base and a curl at the start
    {1,
     {{{.28F, .36F}, {.12F, .22F}, {.40F, .0F}, {.74F, .18F}, {.62F, .65F}, {.35F, .98F}, {.04F, .88F},
       {.16F, .62F}, {.46F, .74F}, {.72F, .98F}, {1.05F, .86F}}}},
};

const std::vector<Skeleton> three{
    // two bows that meet in a corner
    {3,
     {{{.14F, .14F}, {.46F, .0F}, {.74F, .22F}, {.38F, .47F, sharp}, {.80F, .72F}, {.42F, 1.F}, {.04F, .86F}}}},
    // the corner lies at the left, the bows are wide
    {1,
     {{{.10F, .10F}, {.50F, .02F}, {.72F, .20F}, {.26F, .46F, sharp}, {.66F, .48F}, {.82F, .72F},
       {.44F, .98F}, {.06F, .92F}}}},
    // the bows meet without a corner
    {1,
     {{{.12F, .10F}, {.48F, .0F}, {.72F, .22F}, {.50F, .46F}, {.78F, .72F}, {.44F, 1.F}, {.06F, .90F}}}},
    // a flat wide lower end
    {.7F,
     {{{.20F, .12F}, {.50F, .0F}, {.76F, .18F}, {.44F, .46F, sharp}, {.72F, .70F}, {.36F, .96F}, {.0F, .94F}}}},
    // a small loop between the bows
    {1,
     {{{.15F, .12F}, {.50F, .0F}, {.74F, .16F}, {.58F, .42F}, {.38F, .50F}, {.42F, .42F}, {.66F, .52F},
       {.78F, .75F}, {.52F, .98F}, {.10F, .92F}}}},
    // a flat top
    {.7F,
     {{{.15F, .03F}, {.80F, .03F, sharp}, {.42F, .40F, sharp}, {.74F, .50F}, {.82F, .75F}, {.55F, 1.F},
       {.10F, .90F}}}},
    // a curl at the start and at the end
    {1,
     {{{.24F, .26F}, {.18F, .08F}, {.50F, .0F}, {.72F, .20F}, {.40F, .45F, sharp}, {.72F, .52F},
       {.80F, .78F}, {.50F, 1.F}, {.14F, .92F}, {.16F, .76F}}}},
    // a small upper bow and a large lower one
    {.7F,
     {{{.22F, .08F}, {.50F, .0F}, {.66F, .14F}, {.40F, .36F, sharp}, {.74F, .42F}, {.84F, .70F},
       {.55F, .98F}, {.08F, .92F}}}},
};

const std::vector<Skeleton> four{
    // open, with corners
    {3,
     {{{.18F, .05F}, {.12F, .30F}, {.08F, .52F, sharp}, {.45F, .52F}, {.85F, .50F}},
      {{.72F, .0F}, {.68F, .5F}, {.64F, 1.F}}}},
    // open, round
    {2,
     {{{.18F, .05F}, {.10F, .32F}, {.22F, .50F}, {.52F, .48F}, {.76F, .36F}},
      {{.80F, .0F}, {.75F, .5F}, {.68F, 1.F}}}},
    // closed, one stroke
    {1,
     {{{.05F, .60F, sharp}, {.65F, .0F, sharp}, {.62F, .5F}, {.60F, 1.F}},
      {{.05F, .60F}, {.45F, .60F}, {.92F, .58F}}}},
    // open, the cross-bar goes on to the right
    {1,
     {{{.30F, .0F}, {.06F, .55F, sharp}, {.50F, .56F}, {.95F, .52F}},
      {{.62F, .25F}, {.56F, .6F}, {.52F, 1.F}}}},
    // the stem begins at the bar's end, like a 9 with an open top
    {.4F,
     {{{.18F, .05F}, {.10F, .38F}, {.30F, .52F}, {.62F, .40F}, {.80F, .05F, sharp}, {.74F, .5F}, {.68F, 1.F}}}},
    // square and wide, the stem short above the bar
    {1,
     {{{.12F, .05F}, {.10F, .56F, sharp}, {.50F, .58F}, {.90F, .56F}},
      {{.80F, .12F}, {.80F, .5F}, {.78F, 1.F}}}},
};

const std::vector<Skeleton> five{
    // one stroke with corners
    {3,
     {{{.86F, .03F}, {.30F, .05F, sharp}, {.22F, .42F, sharp}, {.54F, .38F}, {.80F, .66F}, {.40F, 1.F},
       {.06F, .88F}}}},
    // the top is a stroke of its own
    {2,
     {{{.32F, .05F}, {.24F, .42F, sharp}, {.60F, .42F}, {.74F, .70F}, {.46F, .97F}, {.06F, .93F}},
      {{.30F, .06F}, {.60F, .04F}, {.95F, .0F}}}},
    // like an S
    {1,
     {{{.88F, .03F}, {.50F, .05F}, {.28F, .22F}, {.45F, .42F}, {.68F, .65F}, {.48F, .95F}, {.08F, .95F}}}},
    // narrow, with a long back and a small bow
    {1,
     {{{.85F, .0F}, {.40F, .06F, sharp}, {.34F, .50F, sharp}, {.58F, .52F}, {.66F, .76F}, {.44F, .98F},
       {.16F, .90F}}}},
    // the top is a stroke of its own that does not touch, the bow is large
    {1,
     {{{.26F, .12F}, {.16F, .48F, sharp}, {.50F, .36F}, {.80F, .58F}, {.60F, .95F}, {.25F, .98F},
       {.06F, .82F}},
      {{.34F, .08F}, {.62F, .06F}, {1.0F, .02F}}}},
};

const std::vector<Skeleton> six{
    // a bent back
    {2,
     {{{.70F, .0F}, {.35F, .25F}, {.15F, .65F}, {.30F, .96F}, {.60F, .94F}, {.74F, .70F}, {.50F, .54F},
       {.20F, .72F}}}},
    // a straight back
    {2,
     {{{.50F, .0F}, {.28F, .38F}, {.15F, .75F}, {.35F, .99F}, {.65F, .90F}, {.66F, .65F}, {.42F, .58F},
       {.18F, .78F}}}},
    // a wide and low bow
    {1,
     {{{.52F, .0F}, {.24F, .30F}, {.10F, .70F}, {.28F, .97F}, {.66F, .96F}, {.92F, .76F}, {.72F, .60F},
       {.36F, .72F}, {.22F, .90F}}}},
    // a high and large bow that ends within
    {.5F,
     {{{.60F, .0F}, {.26F, .26F}, {.12F, .62F}, {.26F, .96F}, {.62F, .96F}, {.82F, .66F}, {.64F, .42F},
       {.36F, .50F}, {.20F, .74F}}}},
    // a small bow
    {1,
     {{{.58F, .0F}, {.36F, .28F}, {.20F, .68F}, {.30F, .98F}, {.56F, .92F}, {.58F, .72F}, {.40F, .68F},
       {.24F, .84F}}}},
};

const std::vector<Skeleton> seven{
    // two straight lines
    {3,
     {{{.08F, .06F}, {.48F, .05F}, {.85F, .05F, sharp}, {.55F, .50F}, {.38F, 1.F}}}},
    // a serif at the left
    {1,
     {{{.06F, .24F}, {.10F, .06F, sharp}, {.48F, .06F}, {.85F, .05F, sharp}, {.58F, .50F}, {.42F, 1.F}}}},
    // with a bar
    {1,
     {{{.08F, .06F}, {.48F, .05F}, {.85F, .05F, sharp}, {.58F, .50F}, {.40F, 1.F}},
      {{.28F, .52F}, {.82F, .48F}}}},
    // a wavy top
    {1,
     {{{.05F, .20F}, {.28F, .04F}, {.58F, .12F}, {.85F, .05F, sharp}, {.62F, .48F}, {.46F, 1.F}}}},
    // round
    {1,
     {{{.08F, .12F}, {.48F, .02F}, {.80F, .12F}, {.70F, .52F}, {.56F, 1.F}}}},
    // a serif and a bar
    {.7F,
     {{{.06F, .24F}, {.10F, .06F, sharp}, {.48F, .06F}, {.85F, .05F, sharp}, {.58F, .50F}, {.42F, 1.F}},
      {{.26F, .52F}, {.82F, .50F}}}},
    // a long drop at the left and a narrow top
    {.4F,
     {{{.08F, .42F}, {.16F, .10F}, {.46F, .04F}, {.76F, .06F, sharp}, {.66F, .50F}, {.54F, 1.F}}}},
};

const std::vector<Skeleton> eight{
    // one stroke like an S that returns
    {3,
     {{{.76F, .14F}, {.48F, .0F}, {.22F, .20F}, {.48F, .47F}, {.74F, .76F}, {.46F, 1.F}, {.20F, .78F},
       {.50F, .48F}, {.78F, .20F}, {.68F, .06F}}}},
    // two rings
    {1,
     {{{.50F, .0F}, {.26F, .22F}, {.50F, .46F}, {.74F, .22F}, {.48F, .0F}},
      {{.50F, .46F}, {.20F, .74F}, {.50F, 1.F}, {.80F, .74F}, {.48F, .46F}}}},
    // open at the top
    {1,
     {{{.66F, .05F}, {.34F, .10F}, {.34F, .36F}, {.60F, .62F}, {.62F, .92F}, {.34F, .98F}, {.26F, .76F},
       {.50F, .48F}, {.84F, .08F}}}},
    // a large upper ring and a small lower one
    {1,
     {{{.80F, .12F}, {.48F, .0F}, {.18F, .26F}, {.46F, .58F}, {.64F, .82F}, {.46F, 1.F}, {.30F, .82F},
       {.52F, .56F}, {.82F, .28F}, {.76F, .08F}}}},
    // a small upper ring and a large lower one
    {1,
     {{{.66F, .08F}, {.48F, .0F}, {.30F, .16F}, {.50F, .38F}, {.80F, .72F}, {.48F, 1.F}, {.16F, .74F},
       {.48F, .38F}, {.70F, .16F}, {.60F, .04F}}}},
    // begun in the middle
    {.6F,
     {{{.50F, .48F}, {.24F, .24F}, {.48F, .0F}, {.76F, .20F}, {.50F, .48F}, {.22F, .76F}, {.46F, 1.F},
       {.76F, .78F}, {.54F, .50F}}}},
    // like an S, and the pen leaves to the upper right
    {2,
     {{{.74F, .16F}, {.50F, .02F}, {.26F, .18F}, {.42F, .42F}, {.68F, .68F}, {.60F, .95F}, {.34F, .98F},
       {.26F, .78F}, {.46F, .56F}, {.70F, .32F}, {.84F, .06F}}}},
    // with straight crossing lines
    {1,
     {{{.70F, .04F}, {.36F, .04F}, {.24F, .20F}, {.48F, .50F}, {.70F, .78F}, {.58F, .98F}, {.32F, .98F},
       {.22F, .80F}, {.52F, .46F}, {.78F, .16F}, {.66F, .03F}}}},
    // wide above a narrow ring
    {1,
     {{{.86F, .10F}, {.52F, .02F}, {.16F, .18F}, {.38F, .42F}, {.58F, .70F}, {.44F, .99F}, {.28F, .84F},
       {.46F, .56F}, {.88F, .12F}}}},
};

const std::vector<Skeleton> nine{
    // one stroke with a straight tail
    {2,
     {{{.74F, .14F}, {.48F, .01F}, {.20F, .24F}, {.36F, .46F}, {.62F, .36F}, {.76F, .10F, sharp},
       {.70F, .55F}, {.62F, 1.F}}}},
    // the loop runs into the tail
    {2,
     {{{.70F, .10F}, {.42F, .02F}, {.18F, .28F}, {.40F, .46F}, {.68F, .26F}, {.76F, .16F}, {.66F, .55F},
       {.54F, 1.F}}}},
    // a hook at the end
    {1,
     {{{.76F, .14F}, {.50F, .01F}, {.22F, .24F}, {.40F, .46F}, {.66F, .36F}, {.78F, .12F, sharp},
       {.76F, .60F}, {.58F, .95F}, {.22F, .90F}}}},
    // a ring, then a stem from its top
    {1,
     {{{.70F, .22F}, {.46F, .02F}, {.18F, .22F}, {.36F, .44F}, {.66F, .28F}, {.70F, .04F}},
      {{.76F, .04F}, {.72F, .5F}, {.66F, 1.F}}}},
    // a small ring and a tail that leans back
    {1,
     {{{.72F, .08F}, {.50F, .02F}, {.32F, .20F}, {.48F, .36F}, {.70F, .22F}, {.76F, .10F}, {.62F, .50F},
       {.36F, 1.F}}}},
    // a wide flat ring
    {1,
     {{{.80F, .16F}, {.46F, .04F}, {.10F, .28F}, {.30F, .44F}, {.66F, .34F}, {.84F, .14F, sharp},
       {.78F, .55F}, {.70F, 1.F}}}},
    // a bent back with the ring closed in the middle
    {1,
     {{{.62F, .42F}, {.30F, .48F}, {.20F, .20F}, {.48F, .0F}, {.74F, .16F}, {.74F, .55F}, {.60F, 1.F}}}},
};
// clang-format on
const std::array<const std::vector<Skeleton>*, 10> digits{&zero, &one, &two,   &three, &four,
                                                          &five, &six, &seven, &eight, &nine};

}  // namespace

std::span<const Skeleton> skeletons_of(int label) { return *digits.at(static_cast<std::size_t>(label)); }

}  // namespace saccade::envs
