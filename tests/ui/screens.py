"""Every screen and what opens over it: where it is, and what to press there."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.ui.calm import settle
from tests.ui.lineage import Lineage
from tests.ui.rest import now
from tests.ui.samples import Samples

OVER = "[role=dialog][aria-modal=true]"


MAIN = frozenset(
    """experiments; runs; nested; no runs; no match; groups; sweep; compare; compare code; overview; charts of a run;
    images of a run; found in logs; changes; table file; code file; model file; models; model; version beside another;
    webhooks; trash; settings; logged models; dataset; all runs""".replace("\n    ", " ").split("; ")
)


class Screen(NamedTuple):
    """An address, and what is pressed there: names of buttons, or `kind name` as `press` knows them."""

    name: str
    address: str
    steps: tuple[str, ...] = ()

    @property
    def main(self) -> bool:
        """Whether it is one of those that somebody sees every day."""
        return self.name in MAIN


def screens(samples: Samples, lineage: Lineage, drawn: list[str]) -> list[Screen]:
    """All of them, those of one address behind each other."""
    return [
        *experiment_screens(samples),
        *runs_screens(samples),
        *run_screens(samples, drawn),
        *compare_screens(samples, drawn),
        *lineage_screens(lineage),
        *registry_screens(),
        *other_screens(),
    ]


def at(address: str, **opened: str | tuple[str, ...]) -> Iterator[Screen]:
    """The screen at an address, and what opens over it; names have `_` for spaces."""
    for name, steps in opened.items():
        yield Screen(name.replace("_", " "), address, (steps,) if isinstance(steps, str) else steps)


def experiment_screens(samples: Samples) -> Iterator[Screen]:
    yield from at(
        "/experiments",
        experiments=(),
        new_experiment="New experiment",
        experiment_menu="Actions for sweep",
        rename_experiment=("Actions for sweep", "menuitem Rename"),
        tags_of_an_experiment=("Actions for sweep", "menuitem Edit tags"),
        ticked_experiments=("checkbox Select sweep", "checkbox Select nested"),
        theme_menu="Theme",
        palette="key Control+k",
        keys="key ?",
    )
    yield Screen("no experiment matches", "/experiments?q=absent")
    yield Screen("deleted experiments", "/experiments?state=deleted")
    yield Screen("no runs", f"/experiments/{samples.empty}")
    yield Screen("no images", f"/experiments/{samples.empty}/images")
    yield Screen("no logged models", f"/experiments/{samples.empty}/models")
    yield Screen("no datasets", f"/experiments/{samples.empty}/datasets")
    yield Screen("nothing to sweep", f"/experiments/{samples.empty}/sweep")
    yield Screen("no notes", f"/experiments/{samples.empty}/notes")
    yield Screen("images of an experiment", f"/experiments/{samples.sweep}/images")
    yield Screen("notes", f"/experiments/{samples.sweep}/notes")


def runs_screens(samples: Samples) -> Iterator[Screen]:
    runs = f"/experiments/{samples.sweep}"
    yield Screen("runs", f"{runs}?m=split")
    yield from at(
        f"{runs}?m=table&c=~metrics.val/loss,params.optimizer,models",
        table=(),
        views="Views",
        save_a_view=("Views", "menuitem Save as a new view"),
        group_menu="Group",
        group_of_ticked_runs=("checkbox Select run-00", "checkbox Select run-02", "toolbar Group"),
        columns="Columns",
        sort="Sort",
        more="More",
        started="Started: Any time",
        column_menu="val/loss",
        filter_by_numbers=("val/loss", "menuitem Filter by this"),
        filter_by_words=("optimizer", "menuitem Filter by this"),
        ticked_runs=("checkbox Select run-00", "checkbox Select run-02"),
        tag_runs=("checkbox Select run-00", "Tag"),
        suggestions=("key /", "key m"),
        pinned=("key j", "key p"),
    )
    yield from at(
        f"{runs}?m=table&c=~status,duration",
        filter_by_status=("Status", "menuitem Filter by this"),
        filter_by_duration=("Duration", "menuitem Filter by this"),
    )
    yield Screen("filter of values", f"{runs}?m=table", ("key /", "type params.optimizer = "))
    yield Screen("unreadable filter", f"{runs}?m=table&q=params.lr+%3E+0.01")
    yield Screen("no match", f"{runs}?q=absent")
    yield Screen("no such key", f"{runs}?q=metrics.val_los+%3C+9")
    yield Screen("no run of that time", f"{runs}?t=1..2")
    yield Screen("no deleted run", f"{runs}?state=deleted")
    yield Screen(
        "baseline", f"{runs}?m=table&b={samples.runs[3]}&c=~trend(metrics.val/loss),metrics.val/loss,metrics.f1"
    )
    yield Screen("nested", f"/experiments/{samples.nested}?m=table")
    yield Screen("closed parent", f"/experiments/{samples.nested}?m=table&n=1&o=~&c=~metrics.loss")
    yield Screen("tinted", f"{runs}?m=table&h=~metrics.val/acc,metrics.val/loss")
    yield Screen("groups", f"{runs}?m=table&g=~params.optimizer")
    yield from at(f"{runs}?m=split&g=~params.optimizer", charts_of_groups=())
    yield from at(f"{runs}?m=charts&g=~params.optimizer", group_chosen="Group: optimizer")
    yield from at(
        f"{runs}?m=charts",
        charts=(),
        panel_menu="Options of val/loss",
        metrics_beside=("Options of val/loss", "menuitem Metrics beside"),
        over_a_metric="Over a metric",
        panel_range=("Options of val/loss", "menuitem Range"),
        new_panel="Panel",
        new_section="Section",
        panel_as_a_table="Show val/loss as a table",
        large_panel="Show val/loss large",
    )
    yield Screen("charts over a metric", f"{runs}?m=charts&x=metric:val/acc&p=~val/loss|%2Bval%252Facc")
    yield Screen("menu of a large panel", f"{runs}?m=charts&full=val/acc", ("Options of val/acc",))
    yield Screen("large panel as a table", f"{runs}?m=charts&full=val/loss", ("Show val/loss as a table",))
    added = "w=~box|metrics.val/loss|params.optimizer,diff|metrics.val/loss"
    yield from at(
        f"{runs}?m=charts&{added}&b={samples.runs[0]}",
        boxes_and_differences=(),
        save_boxes="Save val/loss by optimizer",
    )
    yield Screen("panel beside others", f"{runs}?m=charts&{added}&b={samples.runs[0]}", ("Panel",))
    yield Screen("runs of several experiments", f"/runs?e=~{samples.sweep},{samples.nested}")
    yield Screen("experiments to choose", f"/runs?e=~{samples.sweep},{samples.nested}", ("Experiments 2",))
    yield Screen("all runs", "/runs")
    yield Screen("sweep", f"{runs}/sweep")
    yield Screen("sweep of several", f"/runs/sweep?e=~{samples.sweep},{samples.nested}&br=~params.lr:0..0.9")
    yield Screen("axis menu", f"{runs}/sweep?y=metrics.val/loss", ("lr",))


def run_screens(samples: Samples, drawn: list[str]) -> Iterator[Screen]:
    run = f"/runs/{samples.runs[0]}"
    yield Screen("overview", run)
    yield from at(
        f"/runs/{samples.runs[1]}",
        run_menu="Actions",
        rename_run=("Actions", "menuitem Rename"),
        description="Edit the description",
        new_tag="Add a tag",
    )
    yield Screen("charts of a run", f"{run}/charts")
    yield Screen("images of a run", f"{run}/images")
    yield Screen("logs", f"{run}/logs")
    yield Screen("found in logs", f"{run}/logs?q=epoch")
    yield Screen("system", f"{run}/system")
    for part in ("changes", "script", "untracked", "packages"):
        yield Screen(part, f"{run}/code?part={part}")
    empty = f"/runs/{samples.runs[4]}"
    for tab in ("images", "logs", "system", "code", "artifacts"):
        yield Screen(f"no {tab} of a run", f"{empty}/{tab}")
    yield Screen("files", f"{run}/artifacts")
    for name, path in {
        "table file": "rows.csv",
        "code file": "config.json",
        "python file": "train.py",
        "markdown file": "notes/README.md",
        "text file": "notes/report.txt",
        "model file": "model/MLmodel",
        "picture file": "picture.png",
        "page file": "page.html",
        "drawing file": "drawing.svg",
        "bytes file": "weights.bin",
        "no such file": "absent.txt",
    }.items():
        yield Screen(name, f"{run}/artifacts/{path}")
    for name, path in {"notebook": "fit.ipynb", "map": "places.geojson", "rows": "rows.json"}.items():
        yield Screen(name, f"/runs/{drawn[0]}/artifacts/{path}")
    yield Screen("sound and film", f"/runs/{drawn[0]}/images")
    yield Screen("no such run", f"/runs/{'0' * 32}")


def compare_screens(samples: Samples, drawn: list[str]) -> Iterator[Screen]:
    yield Screen("compare", f"/compare?r=~{','.join(samples.runs[:3])}")
    yield Screen("compare all rows", f"/compare?r=~{','.join(samples.runs[:8])}&all=1&m=table")
    yield Screen("compare charts", f"/compare?r=~{','.join(samples.runs[:3])}&m=charts")
    yield Screen("compare code", f"/compare?r=~{','.join(samples.runs[:2])}&m=code")
    yield Screen("compare images", f"/compare?r=~{','.join(drawn)}&m=images")
    yield Screen("magnified images", f"/compare?r=~{','.join(drawn)}&m=images&zoom=4")
    yield Screen("compare files", f"/compare?r=~{','.join(drawn)}&m=files")
    yield Screen("compare a file", f"/compare?r=~{','.join(drawn)}&m=files&f=config.json")
    yield Screen("compare nothing", "/compare")


def lineage_screens(lineage: Lineage) -> Iterator[Screen]:
    models = f"/experiments/{lineage.experiment}/models"
    yield from at(models, logged_models=(), columns_of_models="Columns")
    yield Screen("charts of models", f"{models}?m=charts")
    yield Screen("models by run", f"{models}?g=run")
    yield Screen("models side by side", f"{models}?v=~{','.join(lineage.models)}")
    yield from at(
        f"{models}/{lineage.models[0]}",
        logged_model=(),
        register="Register",
        delete_logged_model=("Actions for this model", "menuitem Delete"),
    )
    yield Screen("file of a model", f"{models}/{lineage.models[0]}/artifacts/MLmodel")
    yield Screen("datasets", f"/experiments/{lineage.experiment}/datasets")
    yield Screen("dataset", f"/experiments/{lineage.experiment}/datasets?d=wine-train%23a1a1a1a1")


def registry_screens() -> Iterator[Screen]:
    yield from at("/models", models=(), new_model="New model")
    yield Screen("no model matches", "/models?q=absent")
    yield from at(
        "/models/classifier",
        model=(),
        model_menu="Actions for this model",
        rename_model=("Actions for this model", "menuitem Rename"),
        delete_model=("Actions for this model", "menuitem Delete"),
        alias_of_a_row="Add an alias to version 2",
    )
    yield Screen("model as it was", f"/models/classifier?at={now()}")
    yield from at(
        "/models/classifier/2",
        version=(),
        promote="Promote",
        promote_to_a_stage=("Promote", "text A stage"),
        stage="Stage: None",
        alias="Add an alias to version 2",
        copy_version=("Actions for this version", "menuitem Copy to another model"),
        delete_version=("Actions for this version", "menuitem Delete"),
    )
    yield Screen("version beside another", "/models/classifier/2?with=1")
    yield Screen("file of a version", "/models/classifier/1/files/MLmodel")
    yield Screen("no such model", "/models/absent")
    yield from at("/webhooks", webhooks=(), new_webhook="New webhook")


def other_screens() -> Iterator[Screen]:
    yield Screen("trash", "/trash")
    yield Screen("trash of experiments", "/trash?kind=experiments")
    yield Screen("settings", "/settings")
    yield Screen("no such page", "/nowhere")


def press(page: Any, step: str) -> None:
    """Do one step: `key K`, `type text`, `menuitem name`, `checkbox name`, `toolbar button`,
    `text words`, or the name of a button."""
    kind, _, name = step.partition(" ")
    if kind == "key":
        page.keyboard.press(name)
        if name in {"Control+k", "?"}:
            page.locator(OVER).wait_for()
    elif kind == "type":
        page.keyboard.type(name)
    elif kind == "menuitem":
        page.get_by_role("menuitem", name=name).first.click()
    elif kind == "checkbox":
        page.get_by_role("checkbox", name=name, exact=True).check()
    elif kind == "toolbar":
        page.get_by_role("toolbar").get_by_role("button", name=name).click()
    elif kind == "text":
        page.get_by_text(name).first.click()
    else:
        over = page.locator(OVER)
        (over if over.count() else page).get_by_role("button", name=step).first.click()
    settle(page)


def close_all(page: Any) -> None:
    typed = page.get_by_label("Filter runs")
    if typed.count() and typed.input_value():  # would go on to the next screen, with the keys that are meant for that
        typed.fill("")
        typed.blur()
    for _ in range(3):
        page.keyboard.press("Escape")
        settle(page)
        if not page.locator(f"{OVER}, [role=menu]").count():
            return
