import pytest
@pytest.mark.parametrize("path", ["/s/%00", "/s/free/signatories?q=%00", "/o/%00", "/desk/statements/%00", "/desk/organisations/%00/edit","/s/free?text=%00"])
def test_nul(team, campaign, path):
    campaign.statement("free")
    assert team.get(path).status_code in (200, 400, 404)
