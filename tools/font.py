"""Cut the Chinese font of the charts from the full one: python tools/font.py NotoSansSC-Regular.ttf

Kept are Latin and the characters of GB 2312: 2.5 MB of 10.6. The committed file was cut with fontTools 4.68
from version 2.004 as zhplot 1.0.0 on PyPI carries it, under the Open Font License (OFL.txt beside the font).
"""

import sys
from pathlib import Path

from fontTools import subset

FONT = Path(__file__).parents[1] / "src" / "langfang" / "notebook" / "NotoSansSC-GB2312.ttf"

codes = (bytes([row, place]) for row in range(0xA1, 0xF8) for place in range(0xA1, 0xFF))
chinese = "".join(code.decode("gb2312", "ignore") for code in codes)  # 94 rows of 94 places, some empty
options = subset.Options(hinting=False, name_IDs=["*"], notdef_outline=True, retain_gids=True)
options.drop_tables += ["BASE", "STAT", "vhea", "vmtx"]  # for vertical text and typesetting
font = subset.load_font(sys.argv[1], options)
subsetter = subset.Subsetter(options)
subsetter.populate(text="".join(map(chr, range(0x20, 0x180))) + chinese + "〇洸•–—−")
subsetter.subset(font)
font.save(FONT)
