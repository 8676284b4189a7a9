"""What is asked and answered in the pictures: as real as it can be, in several scripts.

For: `tools.screenshots`, whose scenes are laid beside the drawings of the look.
"""

from __future__ import annotations

PITCHER_QUESTION = (
    "A pitcher is 4 cm in radius. The water stands 9 cm below the rim and the crow reaches 5 cm. "
    "How many 6 cm³ pebbles does it need?"
)
PITCHER_THOUGHTS = (
    "The water must rise by 9 − 5 = 4 cm. The pitcher is a cylinder, so the volume is the area "
    "of the base times that height. The base has a radius of 4 cm, so its area is "
    "π · 16 ≈ 50.27 cm², and the volume is 50.27 · 4 ≈ 201.06 cm³.\n\nEach pebble displaces "
    "6 cm³: 201.06 / 6 = 33.5, so 34 pebbles. They must lie below the water line."
)
PITCHER_ANSWER = r'''The water must rise by 4 cm, so the pebbles have to displace a cylinder of that height:

$$n = \left\lceil \frac{\pi r^2 (d - b)}{v} \right\rceil = \left\lceil \frac{\pi \cdot 4^2 \cdot (9 - 5)}{6} \right\rceil = 34$$

```python
from math import ceil, pi

def pebbles(radius, depth, reach, volume):
    """Pebbles that bring the water within reach (cm, cm³)."""
    return ceil(pi * radius**2 * (depth - reach) / volume)
```

All **34 pebbles** must lie below the water line. At `volume=6` the last one is only half needed.
'''  # noqa: E501 (as a model writes it: a paragraph is a line)
RANGE_QUESTION = "It only finds pebbles between 4 and 9 cm³. Best and worst case?"
RANGE_THOUGHTS = (
    "The volume stays 201.06 cm³. Best case: only large stones, 201.06 / 9 = 22.3, so 23. Worst "
    "case: only small ones, 201.06 / 4 = 50.3, so 51. But do 51 small stones still fit under the "
    "water line? Packed loosely they leave about 40 % gaps, so they take up 51 × 4 / 0.6 = "
    "340 cm³, and the water has to be at least that deep to cover"
)
RANGE_ANSWER = "With the largest ones it needs **23**, with the smallest **51**."
TENDER_FILE = "lot-3-offers.csv"
TENDER_QUESTION = "Compare the three offers over five years and show how you discount."
TENDER_THOUGHTS = (
    "Offer B has the highest price but the lowest yearly fee. Total without discounting: "
    "A 32,900, B 30,750, C 33,200. Discounting favours low prices now, so check whether C "
    "overtakes: at 3 % the five-year factor is 4.580."
)
TENDER_ANSWER = r"""Each offer is its price plus five yearly fees, discounted at 3 % a year:

$$PV = P + \sum_{t=1}^{5} \frac{F}{(1 + 0.03)^t}$$

| Offer | Price, € | Fee a year, € | Present value, € |
|:--|--:|--:|--:|
| A  Meridian | 18,400 | 2,900 | 31,681 |
| **B  Nordwerk** | **21,000** | **1,950** | **29,930** |
| C  Halloran | 15,200 | 3,600 | 31,687 |

**B is the cheapest**, by 1,751 € over A. Below a fee of 2,332 € a year it stays so.
"""
SHEET_QUESTION = "Give me that as a spreadsheet formula."
SHEET_THOUGHTS = (
    "The columns are price in C2 and yearly fee in D2. The separators depend on the language of "
    "the program; the user's numbers are English, but the file's header is German. NPV discounts "
    "the first value by one year, so the purchase price has to stay outside the call, and the "
    "fees are in D2 to"
)
NOTES_QUESTION = "Summarise the fable, and what one can learn from it, with a list and a quote."
NOTES_ANSWER = r"""# The crow and the pitcher

A thirsty crow finds a pitcher whose water it can't reach. It drops in *pebble after pebble*
until the water rises, see [the text](https://example.org/aesop/390?lang=en).

## What happens

1. The water stands too low, at $h_0 = d - b$.
2. Each pebble lifts it by $\Delta h = \frac{v}{\pi r^2}$.
   - Flat ones lift it less.
   - Round ones leave gaps.
3. After $n$ pebbles it drinks.

> Necessity is the mother of invention.
> Little by little does the trick.

- [x] Read the fable
- [ ] Try it with a glass

Rooks do the same in experiments[^1].

---

| Bird | Learns in | Source |
|---|--:|---|
| Rook | 5 tries | Bird & Emery, 2009 |
| New Caledonian crow | 8 tries | Jelbert et al., 2014 |

[^1]: Christopher Bird and Nathan Emery, *Current Biology* 19, 2009.
"""
ARABIC_QUESTION = "ما هي قصة الغراب والجرة؟ لخّصها في ثلاث جمل."
ARABIC_ANSWER = """## الغراب والجرّة

وجد غرابٌ عطشان جرّةً فيها ماء قليل لا يصل إليه منقاره.

1. جمع الحصى من الأرض.
2. ألقى الحصاة تلو الحصاة في الجرّة.
3. ارتفع الماء حتى شرب منه (34 حصاة تقريبًا).

> الحاجة أمّ الاختراع.

```python
print("مرحبا")
```
"""
CHINESE_QUESTION = "乌鸦喝水的故事是什么？用一句话说明它的道理。🐦"
CHINESE_ANSWER = """## 乌鸦喝水 🐦

一只口渴的乌鸦看到一个瓶子，瓶里的水很少，瓶口又小，它喝不着。乌鸦把小石子一颗一颗地放进瓶里，
**水渐渐升高**，它就喝着水了。💧

- 日本語：「カラスと水差し」
- 한국어: 까마귀와 물병
- 🪨🪨🪨 → 👍🏽 👩‍🔬 🇩🇪

道理：遇到困难要动脑筋，想办法解决问题。😀
"""
STEEL_QUESTION = "And if it were made of steel?"
LONG_TITLE = "What the crow would have done with a pitcher of twice the height and half the width"
"""A title longer than the header is wide in a small window."""
