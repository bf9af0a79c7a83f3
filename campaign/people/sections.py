"""The sections that rooms above add to a case file on the desk."""

from __future__ import annotations

from campaign.core.sections import Sections
from campaign.people.models import Person

# Between the status and the timeline.
case_file_sections: Sections[Person] = Sections("sections of a case file")
