"""Strategies for timelines: hostile and wide names, ties, back-dated posts, moments all over the calendar."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from tests.tui.fixtures import NOW
from warroom.views import Dot, Lane, Mark, MarkKind, Planned, Skip, Span, Stretch, TimelineView

deltas = st.timedeltas(timedelta(days=-13_000), timedelta(days=23_000)) | st.timedeltas(
    timedelta(days=-60), timedelta(days=2)
)
moments = deltas.map(lambda delta: NOW + delta)
near = st.timedeltas(timedelta(hours=-3), timedelta(minutes=5)).map(lambda delta: NOW + delta)
whole_minutes = st.integers(-180, 5).map(lambda minutes: NOW + timedelta(minutes=minutes))  # many of them the same
times = moments | near | whole_minutes
names = st.text(max_size=20) | st.sampled_from(
    [
        "public",
        "intern",
        "한국어 채널",
        "#incident-critical",
        "\x1b[31mred\x1b[0m",
        "[b]x[/b]",
        "```",
        "<script>",
        "‮abc",
        "🔥🔥",
    ]
)
dots = st.builds(
    Dot, times, names, names, st.integers(0, 99), st.none() | times, st.none() | times, names, st.integers(0, 9)
)
lanes = st.builds(
    Lane,
    names,
    names,
    times,
    st.lists(dots, max_size=8).map(tuple),
    st.none() | times,
    st.none() | st.timedeltas(timedelta(0), timedelta(days=2)),
    st.none() | times,
    st.booleans(),
    st.lists(st.builds(Planned, times, names, names), max_size=2).map(tuple),
    st.lists(st.builds(Skip, times, names, names), max_size=2).map(tuple),
    st.none() | times,
)
views = st.builds(
    TimelineView,
    times,
    st.none() | times,
    st.lists(lanes, max_size=5).map(tuple),
    st.lists(st.builds(Mark, times, names, st.sampled_from(MarkKind)), max_size=4).map(tuple),
    st.none() | st.builds(Span, times, times),
    names,
    st.lists(st.builds(Stretch, times, names, st.integers(0, 9)), max_size=3).map(
        lambda found: tuple(sorted(found, key=lambda each: each.start))
    ),
)
