#!/usr/bin/env python3
"""Scores of captions by other hands, for sentences of our own.

BLEU is NLTK's; without the brevity penalty, from its counts. CIDEr, CIDEr-D and ROUGE-L are written here from the formulas
of Vedantam et al. 2015 and Lin 2004, with dense numpy vectors over all n-grams. METEOR (exact, stem) tries every alignment
there is, with NLTK's Snowball stemmer; wherever NLTK's own METEOR, given no synonyms, finds as few chunks, the two must
agree, or this script fails. tests/envs/captions/metrics/reference_test.cpp compares. Needs NLTK 3.8 and numpy (Debian:
python3-nltk, python3-numpy); to write the numbers anew:

    /usr/bin/python3 tests/reference/captions.py > tests/reference/captions.json

With `--coco-caption DIR`, a folder that holds the package pycocoevalcap for Python 3 (github.com/tylin/coco-caption is for
Python 2), it also fails unless ROUGE-L and CIDEr-D are those of the COCO caption evaluation to 1e-12. They were with
cider_scorer.py of commit 274cef6 and rouge.py of 4b0b2ba, dictionaries and ranges spelt for Python 3, and 0 where an n-gram
order is empty instead of 0 / 0.
"""

import argparse
import itertools
import json
import math
import sys

import numpy as np
from nltk.stem.snowball import SnowballStemmer
from nltk.translate import bleu_score, meteor_score

# Candidate first, then its references.
IMAGES = [
    ["a man is riding a bicycle down a steep hill",
     "a man rides his bicycle down a steep hill",
     "a cyclist is racing down the hill",
     "the man on the bicycle goes downhill fast",
     "someone rides a bike on a hill"],
    ["two dogs are playing in the water",
     "two dogs play in the water",
     "a pair of dogs is splashing in shallow water",
     "two wet dogs running through water",
     "dogs are playing with a ball in the sea"],
    ["a girl in a red coat is standing on a wooden bridge",
     "a little girl stands on a wooden bridge in a red coat",
     "the girl with the red coat is looking over a bridge",
     "a child in red on a bridge of wood"],
    ["the the the the the the the",
     "the cat sleeps on the windowsill",
     "there is a cat on the windowsill"],
    ["a boat",
     "a small sailing boat lies in the harbour",
     "one boat in a quiet harbour",
     "a sailing boat at anchor"],
    ["three children are jumping over a puddle on the street",
     "three children are jumping over a puddle on the street",
     "three kids jump a puddle",
     "children jumping over water in the street"],
    ["people sit around tables at an outdoor market in the evening sun",
     "people sitting at tables in a market",
     "a crowd at an evening market",
     "many people are seated around small tables outdoors in the evening",
     "the market is full of people who sit in the sun",
     "some people sit and eat at a market"],
    ["an old woman feeds pigeons",
     "an elderly lady is feeding the pigeons in a park",
     "a woman feeding birds",
     "an old woman is surrounded by pigeons that she feeds"],
    ["a black horse and a white horse and a brown horse in a field",
     "a brown horse a white horse and a black horse stand in a field",
     "three horses in a field",
     "horses of several colours graze in a green field"],
    ["the climber reaches the top of the rock face with the help of a rope",
     "with the help of a rope the climber reached the top",
     "a climber at the top of a rock face",
     "the rock climber climbs the rock with a rope"],
    ["a train crosses the river",
     "a train is crossing a bridge over the river",
     "the train crosses a river on an iron bridge",
     "a train crosses the river",
     "an iron bridge carries a train"],
    ["nobody sees anything here",
     "a goalkeeper dives for the ball",
     "the keeper misses a shot"],
    ["a goalkeeper dives for a ball that is flying towards the goal",
     "a goalkeeper dives for the ball",
     "the keeper tries to catch a ball flying to his goal",
     "a football player in gloves diving after the ball"],
]

WORDS = ("a running runs ran runner rides riding bicycle bicycles children playing played plays happily happy crosses "
         "crossing flies flying skies skis dying news generously snowboarder surfing jumping jumps easily grassy "
         "consignment knightly early proceed succeed exceeding").split()


def words(text):
    return text.split()


def ngrams(tokens, n):
    return [tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1)]


def bleu(candidates, references, cut):
    """Of the captions of four words or more (NLTK counts an n-gram where a caption has none), cut to so many."""
    chosen = [i for i, c in enumerate(candidates) if len(c) >= 4]
    candidates = [candidates[i][:cut] for i in chosen]
    references = [references[i] for i in chosen]
    plain, standard = [], []
    for n in range(1, 5):
        standard.append(bleu_score.corpus_bleu(references, candidates, [1 / n] * n))
        parts = [[bleu_score.modified_precision(r, c, k) for c, r in zip(candidates, references)]
                 for k in range(1, n + 1)]
        precisions = [sum(p.numerator for p in some) / sum(p.denominator for p in some) for some in parts]
        plain.append(math.prod(precisions)**(1 / n))
    return {"images": chosen, "cut": cut, "plain": plain, "standard": standard}


def sentence_bleu(candidate, references):
    smoothing = bleu_score.SmoothingFunction().method2
    return bleu_score.sentence_bleu(references, candidate, smoothing_function=smoothing)


def common_length(a, b):
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i, j in itertools.product(range(len(a)), range(len(b))):
        table[i + 1, j + 1] = table[i, j] + 1 if a[i] == b[j] else max(table[i, j + 1], table[i + 1, j])
    return int(table[-1, -1])


def rouge_l(candidate, references, beta=1.2):
    lengths = [common_length(candidate, r) for r in references]
    p = max(l / len(candidate) for l in lengths)
    r = max(l / len(reference) for l, reference in zip(lengths, references))
    return 0.0 if p == 0 or r == 0 else (1 + beta**2) * p * r / (r + beta**2 * p)


class TfIdf:
    """Dense vectors over all n-grams of one order."""

    def __init__(self, candidates, references, n):
        self.n = n
        everything = [s for c, some in zip(candidates, references) for s in [c, *some]]
        self.index = {g: i for i, g in enumerate(sorted({g for s in everything for g in ngrams(s, n)}))}
        df = np.zeros(len(self.index))
        for some in references:
            for g in {g for s in some for g in ngrams(s, n)}:
                df[self.index[g]] += 1
        self.idf = np.log(len(references) / np.maximum(1, df))

    def __call__(self, tokens):
        vector = np.zeros(len(self.index))
        for g in ngrams(tokens, self.n):
            vector[self.index[g]] += 1
        return vector * self.idf


def cider(candidates, references, clipped, sigma=6.0):
    scores = np.zeros(len(candidates))
    for n in range(1, 5):
        weigh = TfIdf(candidates, references, n)
        for i, (candidate, some) in enumerate(zip(candidates, references)):
            c = weigh(candidate)
            for reference in some:
                r = weigh(reference)
                norms = np.linalg.norm(c) * np.linalg.norm(r)
                if norms == 0:
                    continue
                value = (np.minimum(c, r) if clipped else c) @ r / norms
                if clipped:
                    value *= math.exp(-(len(candidate) - len(reference))**2 / (2 * sigma**2))
                scores[i] += 10 * value / (4 * len(some))
    return scores.tolist()


STEM = SnowballStemmer("english").stem


def pairings(ours, theirs):
    """Every way to pair as many places of one side with places of the other as can be."""
    if len(ours) > len(theirs):
        return [tuple((i, j) for j, i in pairs) for pairs in pairings(theirs, ours)]
    return [tuple(zip(ours, some)) for some in itertools.permutations(theirs, len(ours))]


def alignments(candidate, reference):
    """Every way to pair as many words as can be with words of the same stem."""
    ours, theirs = [STEM(word) for word in candidate], [STEM(word) for word in reference]
    families = [pairings([i for i, s in enumerate(ours) if s == stem], [j for j, s in enumerate(theirs) if s == stem])
                for stem in sorted(set(ours) & set(theirs))]
    return (sum(parts, ()) for parts in itertools.product(*families))


def chunks(pairs):
    pairs = set(pairs)
    return sum((i - 1, j - 1) not in pairs for i, j in pairs)


def best_alignment(candidate, reference):
    """Pairs, exact ones, chunks: most, most, fewest; and the two lengths."""
    def exact(pairs):
        return sum(candidate[i] == reference[j] for i, j in pairs)

    best = max(alignments(candidate, reference), key=lambda pairs: (exact(pairs), -chunks(pairs)))
    return len(best), exact(best), chunks(best), len(candidate), len(reference)


def meteor(statistics, alpha, beta, gamma, stem_weight, whole_is_free):
    pairs, exact, pieces, c, r = statistics
    weight = exact + stem_weight * (pairs - exact)
    if weight == 0:
        return 0.0
    p, q = weight / c, weight / r
    penalty = gamma * (pieces / pairs)**beta
    if whole_is_free and pieces == 1 and pairs == c == r:
        penalty = 0
    return p * q / (alpha * p + (1 - alpha) * q) * (1 - penalty)


class NoSynonyms:
    @staticmethod
    def synsets(_):
        return []


def check_against_nltk(candidate, reference, statistics):
    """Whether NLTK's METEOR, which does not look for fewest chunks, has as few. If so the scores must be equal."""
    stemmer = SnowballStemmer("english")
    pairs, _, _ = meteor_score.align_words(candidate, reference, stemmer=stemmer, wordnet=NoSynonyms)
    assert len(pairs) == statistics[0]
    if not pairs or chunks(pairs) != statistics[2]:
        return False
    nltk = meteor_score.single_meteor_score(reference, candidate, stemmer=stemmer, wordnet=NoSynonyms)
    assert abs(nltk - meteor(statistics, 0.9, 3, 0.5, 1, False)) < 1e-12
    return True


def corpus_meteor(candidates, references, parameters):
    each, total = [], np.zeros(5)
    for candidate, some in zip(candidates, references):
        statistics = [best_alignment(candidate, r) for r in some]
        best = max(statistics, key=lambda s: meteor(s, *parameters))
        each.append(meteor(best, *parameters))
        total += best
    return {"each": each, "corpus": meteor(total.tolist(), *parameters)}


def check_against_coco_caption(directory, result):
    sys.path.insert(0, directory)
    from pycocoevalcap.cider.cider_scorer import CiderScorer
    from pycocoevalcap.rouge.rouge import Rouge

    scorer = CiderScorer()
    for candidate, references, expected in zip(result["candidates"], result["references"], result["rouge_l"]):
        scorer += (candidate, references)
        assert abs(Rouge().calc_score([candidate], references) - expected) < 1e-12, candidate
    _, each = scorer.compute_score()
    assert np.abs(each - result["cider_d"]).max() < 1e-12


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coco-caption", metavar="DIR", help="check ROUGE-L and CIDEr-D with the package in this folder")
    arguments = parser.parse_args()
    candidates = [words(image[0]) for image in IMAGES]
    references = [[words(text) for text in image[1:]] for image in IMAGES]
    agreed = sum(check_against_nltk(c, r, best_alignment(c, r)) for c, some in zip(candidates, references) for r in some)
    assert agreed >= 30, agreed
    result = {
        "candidates": [image[0] for image in IMAGES],
        "references": [image[1:] for image in IMAGES],
        "bleu": [bleu(candidates, references, cut) for cut in (100, 6)],
        "sentence_bleu": [sentence_bleu(c, r) for c, r in zip(candidates, references)],
        "rouge_l": [rouge_l(c, r) for c, r in zip(candidates, references)],
        "cider": cider(candidates, references, clipped=False),
        "cider_d": cider(candidates, references, clipped=True),
        "meteor_2005": corpus_meteor(candidates, references, (0.9, 3, 0.5, 1, False)),
        "meteor_2014": corpus_meteor(candidates, references, (0.85, 0.2, 0.6, 0.6, True)),
        "stems": {word: STEM(word) for word in WORDS},
    }
    if arguments.coco_caption:
        check_against_coco_caption(arguments.coco_caption, result)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
