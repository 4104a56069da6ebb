"""The sample outlets: a WordPress observatory and a Drupal newspaper, served over real HTTP on loopback.

Everything in them is invented: countries, towns, people, outlets and events. The demo runs against this newsroom and so
do the flow tests::

    with running_newsroom() as newsroom:
        ...                                     # newsroom.observatory_url, newsroom.gazette_url
        newsroom.misbehave("gazette", "/rss", "http_503", times=2)
        newsroom.set_edition("evening")         # new articles, two edits, one article gone

``load_articles()`` gives the articles as they were written, and ``expected_of(article)`` what a pipeline should make
of its page.
"""

from newsroom.expectations import Expected, expected_articles, expected_of
from newsroom.misbehaviors import behavior_names
from newsroom.sample_articles import Edition, SampleArticle, articles_in, load_articles
from newsroom.sample_config import write_sample_config
from newsroom.server import RunningNewsroom, running_newsroom

__all__ = [
    "Edition",
    "Expected",
    "RunningNewsroom",
    "SampleArticle",
    "articles_in",
    "behavior_names",
    "expected_articles",
    "expected_of",
    "load_articles",
    "running_newsroom",
    "write_sample_config",
]
