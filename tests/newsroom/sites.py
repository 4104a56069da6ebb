"""The three sample outlets: their names, their clocks and the fixed words around their articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

SiteKey = Literal["observatory_en", "observatory_ar", "gazette"]

OBSERVATORY_ZONE = ZoneInfo("Asia/Amman")  # three hours ahead of UTC all year
GAZETTE_ZONE = ZoneInfo("Europe/London")  # summer time began on 29 March 2026


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One outlet as its readers see it. ``prefix`` is the path that its pages live under.

    ``image_caption`` and ``image_credit`` stand below each of its images.
    """

    key: SiteKey
    outlet_id: str
    name: str
    language: str
    locale: str
    prefix: str
    zone: ZoneInfo
    image_caption: str | None = None
    image_credit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the Observatory's theme prints around an article, in one language."""

    direction: str
    menu: tuple[str, ...]
    share: str
    related: str
    most_read: str
    views: str
    source_label: str
    disclaimer: str
    cookies: str
    footer: str
    not_found: str
    continue_reading: str


OBSERVATORY_EN = Site(
    key="observatory_en",
    outlet_id="sample_observatory_en",
    name="The Qadrian Observatory for Human Rights",
    language="en",
    locale="en-US",
    prefix="/en/",
    zone=OBSERVATORY_ZONE,
)
OBSERVATORY_AR = Site(
    key="observatory_ar",
    outlet_id="sample_observatory_ar",
    name="المرصد القادري لحقوق الإنسان",
    language="ar",
    locale="ar",
    prefix="/",
    zone=OBSERVATORY_ZONE,
)
GAZETTE = Site(
    key="gazette",
    outlet_id="sample_gazette",
    name="The Levantine Gazette",
    language="en",
    locale="en-GB",
    prefix="/",
    zone=GAZETTE_ZONE,
    image_caption="File photograph",
    image_credit="Gazette archive",
)
SITES: dict[SiteKey, Site] = {site.key: site for site in (OBSERVATORY_EN, OBSERVATORY_AR, GAZETTE)}

WORDING: dict[SiteKey, Wording] = {
    "observatory_en": Wording(
        direction="ltr",
        menu=("Home", "Qadria News", "Reports", "Casualty Registers", "Press Review", "About Us", "Contact"),
        share="Share this",
        related="Related news",
        most_read="Most read this week",
        views="{count:,} views",
        source_label="Source",
        disclaimer=(
            "The views expressed in this article are the writer’s own; the Observatory does not necessarily share them."
        ),
        cookies="This website uses cookies to make your visit better. By staying on it you agree to their use.",
        footer="All rights reserved. Reuse is free with a link to the Observatory.",
        not_found="Oops! That page can’t be found.",
        continue_reading="Continue reading",
    ),
    "observatory_ar": Wording(
        direction="rtl",
        menu=("الرئيسية", "قادريا", "تقارير", "سجل الضحايا", "صحافة", "من نحن", "اتصل بنا"),
        share="شارك الخبر",
        related="أخبار ذات صلة",
        most_read="الأكثر قراءة هذا الأسبوع",
        views="{count}",
        source_label="المصدر",
        disclaimer="الآراء الواردة في هذا المقال تعبّر عن كاتبها ولا تعكس بالضرورة موقف المرصد.",
        cookies="يستخدم هذا الموقع ملفات تعريف الارتباط لتحسين تجربتك، ومتابعتك التصفح تعني موافقتك على ذلك.",
        footer="جميع الحقوق محفوظة، وإعادة النشر متاحة مع ذكر المرصد مصدراً.",
        not_found="عذراً، الصفحة التي تبحث عنها غير موجودة.",
        continue_reading="تابع القراءة",
    ),
}
