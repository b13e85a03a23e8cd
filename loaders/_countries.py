"""Countries' codes by their names in English, for sources that write names.

Not a loader. ISO 3166-1; the names are those that the databases behind such sources use, with their usual variants.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

__all__ = ["country_code"]

_LIST = """
    AD andorra; AE united arab emirates; AF afghanistan; AG antigua and barbuda; AI anguilla; AL albania;
    AM armenia; AO angola; AQ antarctica; AR argentina; AS american samoa; AT austria; AU australia; AW aruba;
    AX aland islands,åland islands; AZ azerbaijan; BA bosnia and herzegovina; BB barbados; BD bangladesh;
    BE belgium; BF burkina faso; BG bulgaria; BH bahrain; BI burundi; BJ benin;
    BL saint barthelemy,saint barthélemy; BM bermuda; BN brunei,brunei darussalam; BO bolivia;
    BQ bonaire,caribbean netherlands; BR brazil; BS bahamas,the bahamas; BT bhutan; BW botswana; BY belarus;
    BZ belize; CA canada; CC cocos islands; CD democratic republic of the congo,congo (kinshasa),dr congo;
    CF central african republic; CG congo,republic of the congo; CH switzerland;
    CI ivory coast,cote d'ivoire,côte d'ivoire; CK cook islands; CL chile; CM cameroon; CN china; CO colombia;
    CR costa rica; CU cuba; CV cape verde,cabo verde; CW curacao,curaçao; CX christmas island; CY cyprus;
    CZ czechia,czech republic; DE germany; DJ djibouti; DK denmark; DM dominica; DO dominican republic;
    DZ algeria; EC ecuador; EE estonia; EG egypt; EH western sahara; ER eritrea; ES spain; ET ethiopia;
    FI finland; FJ fiji; FK falkland islands; FM micronesia; FO faroe islands; FR france; GA gabon;
    GB united kingdom,great britain,england; GD grenada; GE georgia; GF french guiana; GG guernsey; GH ghana;
    GI gibraltar; GL greenland; GM gambia,the gambia; GN guinea; GP guadeloupe; GQ equatorial guinea;
    GR greece; GT guatemala; GU guam; GW guinea-bissau; GY guyana; HK hong kong; HN honduras; HR croatia;
    HT haiti; HU hungary; ID indonesia; IE ireland; IL israel; IM isle of man; IN india;
    IO british indian ocean territory; IQ iraq; IR iran,islamic republic of iran; IS iceland; IT italy;
    JE jersey; JM jamaica; JO jordan; JP japan; KE kenya; KG kyrgyzstan; KH cambodia; KI kiribati; KM comoros;
    KN saint kitts and nevis; KP north korea; KR south korea,republic of korea,korea; KW kuwait;
    KY cayman islands; KZ kazakhstan; LA laos,lao people's democratic republic; LB lebanon; LC saint lucia;
    LI liechtenstein; LK sri lanka; LR liberia; LS lesotho; LT lithuania; LU luxembourg; LV latvia; LY libya;
    MA morocco; MC monaco; MD moldova,republic of moldova; ME montenegro; MF saint martin; MG madagascar;
    MH marshall islands; MK north macedonia,macedonia; ML mali; MM myanmar,burma; MN mongolia; MO macao,macau;
    MP northern mariana islands; MQ martinique; MR mauritania; MS montserrat; MT malta; MU mauritius;
    MV maldives; MW malawi; MX mexico; MY malaysia; MZ mozambique; NA namibia; NC new caledonia; NE niger;
    NF norfolk island; NG nigeria; NI nicaragua; NL netherlands,the netherlands; NO norway; NP nepal; NR nauru;
    NU niue; NZ new zealand; OM oman; PA panama; PE peru; PF french polynesia; PG papua new guinea;
    PH philippines; PK pakistan; PL poland; PM saint pierre and miquelon; PR puerto rico;
    PS palestine,palestinian territory; PT portugal; PW palau; PY paraguay; QA qatar; RE reunion,réunion;
    RO romania; RS serbia; RU russia,russian federation; RW rwanda; SA saudi arabia; SB solomon islands;
    SC seychelles; SD sudan; SE sweden; SG singapore; SH saint helena; SI slovenia; SJ svalbard and jan mayen;
    SK slovakia; SL sierra leone; SM san marino; SN senegal; SO somalia; SR suriname; SS south sudan;
    ST sao tome and principe,são tomé and príncipe; SV el salvador; SX sint maarten; SY syria;
    SZ eswatini,swaziland; TC turks and caicos islands; TD chad; TG togo; TH thailand; TJ tajikistan;
    TK tokelau; TL timor-leste,east timor; TM turkmenistan; TN tunisia; TO tonga; TR turkey,türkiye,turkiye;
    TT trinidad and tobago; TV tuvalu; TW taiwan; TZ tanzania; UA ukraine; UG uganda;
    US united states,united states of america,usa; UY uruguay; UZ uzbekistan; VA vatican city,holy see;
    VC saint vincent and the grenadines; VE venezuela; VG british virgin islands;
    VI u.s. virgin islands,us virgin islands; VN vietnam,viet nam; VU vanuatu; WF wallis and futuna; WS samoa;
    XK kosovo; YE yemen; YT mayotte; ZA south africa; ZM zambia; ZW zimbabwe
"""


def _listed() -> Iterator[tuple[str, str]]:
    for entry in _LIST.split(";"):
        code, _, names = entry.strip().partition(" ")
        for name in names.split(","):
            yield name.strip(), code


_NAMES: Mapping[str, str] = MappingProxyType(dict(_listed()))


def country_code(written: str | None) -> str | None:
    """Give a country's code by its name or code; null where it is neither.

    >>> country_code("United States"), country_code("de"), country_code("Côte d'Ivoire"), country_code("Atlantis")
    ('US', 'DE', 'CI', None)
    """
    if written is None:
        return None
    found = written.strip()
    if len(found) == 2 and found.isascii() and found.isalpha():
        return found.upper()
    return _NAMES.get(found.casefold())
