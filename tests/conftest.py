"""What several test files share: steady property tests, and a small data set to break."""

import os
import re
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, no file left behind, and no limit on time: a busy machine is no fault.
# HYPOTHESIS_PROFILE=ci tries more of them, =fuzz as many as `make fuzz` does.
for _name, _number in (("steady", 30), ("ci", 200), ("fuzz", 10_000)):
    settings.register_profile(
        _name, derandomize=_name != "fuzz", database=None, deadline=None, max_examples=_number
    )
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_report_header():
    """Figures are compared byte for byte where they were made: with the locked matplotlib."""
    lock = Path(__file__).parents[1] / "requirements.txt"
    locked = re.search(r"^matplotlib==(\S+)", lock.read_text(encoding="utf-8") if lock.exists() else "", re.M)
    found = version("matplotlib")
    if locked and locked[1] != found:
        return f"matplotlib {found} is not the locked {locked[1]}: it may draw figures otherwise"
    return None


SMALL = {
    "sources": """source_id,kind,title,publisher,author,published,locator,sha256,note
report,transcribed,小报告,小城网,张记者,2020-10-01,,,
yearbook,cited,A yearbook,Small Press,,2019,https://example.org/yearbook,,""",
    "paragraphs": """source_id,paragraph,section,sha256,numerals
report,1,opening,,3
report,2,,,1""",
    "areas": """area,name_en,name_zh,part_of,code
town,Small Town,小城,,
land,The Land,大地,,""",
    "indicators": """indicator_id,theme,measure,unit,name_en,name_zh,definition
forest_share,environment,share,%,Forest Share,森林覆盖率,Share of land.
firms,industry,count,firm,Firms,企业数,Number of firms.
revenue,industry,level,yuan,Revenue,营业收入,Revenue.""",
    "units": """unit,name_en,base_unit,factor,countable
%,per cent,%,1,false
家,firm,firm,1,true
亿元,100 million yuan,yuan,100000000,false""",
    "facts": """fact_id,indicator_id,area,period,period_basis,status,value,unit,bound,vintage,source_id,note
forest_share-2018,forest_share,town,2018,stated,actual,31.0,%,as_printed,,report,
forest_share-2020,forest_share,town,2020,stated,target,35,%,as_printed,,report,
forest_share-land-2018,forest_share,land,2018,stated,actual,22.9,%,as_printed,survey 9,yearbook,
firms-2018,firms,town,2018,stated,actual,109,家,as_printed,,report,
firms-2022,firms,town,2022,stated,forecast,150,家,as_printed,,report,
revenue-2017-yearbook,revenue,town,2017,stated,actual,400,亿元,as_printed,first release,yearbook,
revenue-2018,revenue,town,2017/2018,stated,actual,420,亿元,more_than,,report,""",
    "mentions": """source_id,paragraph,start,text,supplied,role,fact_id,entity_id,note
report,2,5,31%,,fact,forest_share-2018,,
report,1,9,31.0%,,fact,forest_share-2018,,
report,1,20,109家,,fact,firms-2018,,
report,1,30,超过420亿元,,fact,revenue-2018,,""",
    "glossary": "term_zh,term_en,explanation\n小康,xiaokang,",
}


@pytest.fixture
def small_data(tmp_path):
    """A folder with a made-up data set of seven facts."""
    for name, text in SMALL.items():
        (tmp_path / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return tmp_path
