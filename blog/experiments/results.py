"""Which picture is clicked more often, and how sure that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from blog.experiments.counting import Outcomes
from blog.models import Experiment, ExperimentCounts
from media_library.statistics.proportions import Interval, difference, share


@dataclass(frozen=True)
class Result:
    """Rates of clicks by those who saw either picture, with 95% confidence; ``difference`` is B less A."""

    outcomes: Outcomes

    @property
    def a(self) -> Interval:
        return share(self.outcomes.a_clicked, self.outcomes.a_shown)

    @property
    def b(self) -> Interval:
        return share(self.outcomes.b_clicked, self.outcomes.b_shown)

    @property
    def difference(self) -> Interval:
        return difference(self.b, self.a)

    @property
    def winner(self) -> str:
        """``a`` or ``b``; nothing as long as no difference is shown."""
        if not self.difference.excludes_zero:
            return ""
        return "b" if self.difference.value > 0 else "a"


def results(experiments: Iterable[Experiment]) -> dict[int, Result]:
    """The results of these experiments, by id. One query."""
    ids = [one.pk for one in experiments]
    sums = {name: Sum(name) for name in Outcomes._fields}
    rows: Any = ExperimentCounts.objects.filter(experiment__in=ids).order_by().values("experiment")
    found = {
        row["experiment"]: Outcomes(*(row[f"sum_{name}"] for name in Outcomes._fields))
        for row in rows.annotate(**{f"sum_{name}": one for name, one in sums.items()})
    }
    return {pk: Result(found.get(pk, Outcomes())) for pk in ids}
