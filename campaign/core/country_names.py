"""Names of countries that CLDR and iso-codes lack, and words in names of countries, for core/countries."""

from __future__ import annotations

# Languages of CLDR whose names are known, beside those of the interface.
LANGUAGES_KNOWN = [
    "af", "am", "ar", "az", "bg", "bn", "bs", "ca", "cs", "cy", "da", "el", "es", "et", "eu", "fa", "fi",
    "fil", "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "km",
    "kn", "ko", "ku", "ky", "lb", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne",
    "nl", "nn", "no", "pa", "ps", "pt", "ro", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "tg",
    "th", "tk", "tr", "tt", "ur", "uz", "vi", "zh",
]  # fmt: skip
# The same in iso-codes, where its codes differ.
ISO_CODES = [
    "nb_NO", "pt_BR", "zh_CN", "zh_TW", "sr@latin", "kmr", "crh", "ab", "ba", "ce", "cv", "eo", "oc", "br",
]  # fmt: skip
# Languages of which names are known in Latin letters too, as people type them without their keyboard.
ROMANISED = ["be", "bg", "el", "hy", "ka", "kk", "ky", "mk", "ru", "sr", "tg", "uk"]
# Two countries, or none: a person says which.
AMBIGUOUS = [
    "America", "Congo", "Kongo", "Конго", "Конга", "Korea", "Corea", "Corée", "Корея", "Карэя",
    "Virgin Islands", "Republic of China", "Republik China", "Republika Chińska", "Китайская Республика",
    "Кітайская Рэспубліка", "Китайська Республіка", "Britannia", "Америка", "Амерыка", "Ameryka", "Amerika",
    "Soviet Union", "USSR", "СССР", "Yugoslavia", "Czechoslovakia", "Rhodesia", "Palestine/Israel",
    "West Indies", "Antilles", "Caribbean", "Crimea", "Transnistria",
]  # fmt: skip
# Common and older names by ISO 3166-1 code.
NAMES = {
    "VC": "Saint Vincent",
    "KN": "Saint Kitts",
    "LT": "Летува, Лiтва, Lietuvos Respublika",
    "TT": "Trinidad, Тринидад, Trynidad",
    "ST": "São Tomé, Sao Tome, Сан-Томе",
    "AL": "Shqipëria, Shqiperia, Shqipëri",
    "AG": "Antigua, Антигуа",
    "AE": "UAE, Emirates, ОАЭ, ААЭ, ОАЕ, ZEA, VAE, EAU, Эмираты, Эміраты, Арабские Эмираты",
    "AM": "Hayastan, Armenija",
    "AZ": "Azerbaidjan, Azerbaijan Republic",
    "BA": (
        "Bosna i Hercegovina, Bosnia, BiH, Bosna, Bosnia-Hercegovina, Bosnia Hercegovina, Босния, "
        "Боснія, Bośnia, Bosnien, "
        "Bosnie, БиГ, БіГ"
    ),
    "BF": "Upper Volta, Haute-Volta, Верхняя Вольта, Burkina",
    "BJ": "Dahomey, Дагомея",
    "BN": "Brunei",
    "BY": (
        "Belaruś, Белорусcия, Белоруссия, Byelorussia, Belorussia, Bielorussia, White Russia, "
        "Weissrussland, Weißrußland, "
        "Biełaruś, Byelarus, Bielarus, Belorus, Vitryssland, Hviderusland, Hviterussland, Wit-Rusland, "
        "Białorus, РБ, Білорусія, Беларуссия, Белорусь, Белорусия, Rzeczpospolita Białoruś, Respublika "
        "Belarus, Respublika Bielaruś, Rep. Belarus, Baltkrievija, Baltarusija, Gudija, Valko-Venäjä, "
        "BSSR, БССР, بيلاروسيا, روسيا البيضاء"
    ),
    "CD": (
        "Zaire, Заир, Заір, DRC, DR Congo, D.R. Congo, Dem. Rep. Congo, Dem. Rep. of the Congo, DR Kongo, "
        "Congo DR, Congo DRC, RDC, Congo-Kinshasa, ДРК, Democratic Republic of Congo, Democratic Congo, "
        "Belgian Congo"
    ),
    "CF": "Central Africa, CAR, ЦАР",
    "CG": "Congo-Brazzaville, Republic of Congo, Republic of the Congo, Congo Republic, Rep. of Congo",
    "CH": "Schweiz/Suisse, Schweiz/Suisse/Svizzera, Confederatio Helvetica, SUI, Helvetia",
    "CI": (
        "Cote d Ivoire, Côte d Ivoire, Costa d Avorio, Берег Слоновай Косці, Ivory Coast, Cote "
        "d'Ivoire, Elfenbeinküste, Берег Слоновой Кости, Бераг Слановай Косці"
    ),
    "CN": "PRC, P.R. China, PR China, Mainland China, КНР, VR China, ChRL, Red China, China PR",
    "CV": "Cape Verde, Cap Verde, Острова Зелёного Мыса",
    "CZ": (
        "Czech Republic, ČR, Czech Rep., Czech, Česká republika, Česko, Tschechische Republik, Tschechei, "
        "Republika Czeska, Чешская Республика, Чэская Рэспубліка, Чеська Республіка"
    ),
    "DE": "GER, FRG, BRD, ФРГ, ФРН, НФР, RFN, RFA, Нямеччына, Germany FR, Нiмеччина, Bundesrepublik",
    "DK": "DEN",
    "BG": "BUL",
    "GR": "Hellas, Ellas, Ellada, GRE, EL",
    "HR": "CRO",
    "LV": "LAT",
    "PT": "POR",
    "EG": "UAR",
    "ET": "Abyssinia, Абиссиния",
    "FK": "Malvinas",
    "GB": (
        "Cymru, ENG, SCO, WAL, NIR, GBR, Lloegr, Ulster, UK, Great Britain, Britain, England, "
        "Scotland, Wales, Northern Ireland, N. Ireland, North "
        "Ireland, United Kingdom, U.K., Великобритания, Вялікабрытанія, Велика Британія, Великобританія, "
        "Англия, Англія, Шотландия, Шатландыя, Шотландія, Уэльс, Уельс, Северная Ирландия, Паўночная "
        "Ірландыя, Північна Ірландія, Соединённое Королевство, Злучанае Каралеўства, Сполучене "
        "Королівство, Объединённое Королевство, Аб'яднанае Каралеўства, Wielka Brytania, Zjednoczone "
        "Królestwo, Anglia, Szkocja, Walia, Irlandia Północna, Großbritannien, Vereinigtes Königreich, "
        "Schottland, Nordirland, Grande-Bretagne, Royaume-Uni, Angleterre, Écosse, Pays de Galles, Irlande "
        "du Nord, Gran Bretaña, Inglaterra, Escocia, Gales, Irlanda del Norte, Gran Bretagna, Inghilterra, "
        "Scozia, Galles, Irlanda del Nord, Groot-Brittannië, Engeland, Schotland, Velká Británie, Anglie, "
        "Skotsko, Didžioji Britanija, Anglija, Lielbritānija, Storbritannien, Storbritannia, დიდი "
        "ბრიტანეთი, ინგლისი, Iso-Britannia, Suurbritannia, Birleşik Krallık, İngiltere, Büyük Britanya, "
        "Marea Britanie, Anglia, Nagy-Britannia, Велика Британија, Grã-Bretanha, Reino Unido de Gran "
        "Bretaña, English, UK (England), UK (Scotland), UK (Wales), England (UK), Scotland (UK), Wales "
        "(UK), United Kingdom (England), United Kingdom (UK), ВБ, Spojené království, Spojené kráľovstvo"
    ),
    "GE": "Грузия, Грузія, Gruzja, Sakartvelo, Republic of Georgia, Сакартвело, Sakartvelas",
    "HK": "Hong Kong, Hongkong, Гонконг, Ганконг",
    "IE": "Eire, Republic of Ireland, Irish Republic, Southern Ireland",
    "IR": "Persia, Iran, Персия",
    "KG": (
        "Kirghizia, Kirgizia, Kyrgyz Republic, Киргизия, Кыргызская Республика, Кіргізія, Киргизстан, "
        "Kirgizja"
    ),
    "KH": "Kampuchea, Кампучия",
    "KP": "북한, North Korea, DPRK, D.P.R. Korea, КНДР, Korea North, Паўночная Карэя, Северная Корея, KRLD",
    "KR": (
        "한국, 남한, South Korea, Republic of Korea, ROK, Korea South, Южная Корея, Паўднёвая Карэя, "
        "Південна Корея, "
        "Korea Południowa, Südkorea, S. Korea, Korea Republic, Республика Корея, Рэспубліка Карэя"
    ),
    "KZ": "Kazakstan, Казахская ССР, Kazakh Republic",
    "LA": "Laos, Lao PDR, Lao P.D.R.",
    "LK": "Ceylon, Цейлон",
    "MD": "Moldavia, Молдавия, Moldova Republic, Малдова, Малдавія, Mołdawia, Moldawien",
    "MK": (
        "Macedonia, FYROM, FYR Macedonia, Former Yugoslav Republic of Macedonia, Македония, Македонія, "
        "Mazedonien, Macédoine, Македонија, Republic of Macedonia"
    ),
    "MM": "Burma, Бирма, Бірма, Birma, Birmanie, Birmania",
    "MO": "Macau, Macao",
    "NL": (
        "Holland, The Netherlands, NED, Холандия, Холандія, Голландия, Галандыя, Голландія, Holandia, "
        "Hollande, Holanda, Olanda"
    ),
    "NZ": "New Zealand, N. Zealand",
    "PL": "RP, Rzeczpospolita, Польща, Польшча, Polska, III RP",
    "PS": (
        "Palestine, State of Palestine, Палестина, Палестына, Palestyna, Palästina, Occupied Palestinian "
        "Territory"
    ),
    "RO": "Roumania, Rumania",
    "RU": (
        "Russia, РФ, RF, Расія, Расея, Росія, Rosja, Rossiya, Rossija, Russian Fed., Russian Federation, "
        "RSFSR, РСФСР, Россия"
    ),
    "SA": "KSA, Saudi, Саудия",
    "SK": "Slovak Republic, Slovakia, Словацкая Республика, Славацкая Рэспубліка",
    "SR": "Surinam",
    "SY": "Syria, Syrian Arab Republic, Сирия",
    "SZ": "Swaziland, Свазиленд, Сьвазілэнд, Свазіленд, Eswatini",
    "TH": "Siam",
    "TJ": "Tadjikistan, Tadzhikistan, Таджикская ССР",
    "TL": "East Timor, Timor-Leste, Восточный Тимор",
    "TM": "Turkmenia, Туркмения, Туркменія",
    "TR": "Turkey, Türkiye, Turkiye, Турция, Турцыя, Туреччина, Turcja",
    "TW": "台灣, Taiwan, Тайвань, Formosa, Chinese Taipei, Taiwan (ROC), Taiwan R.O.C.",
    "TZ": "Tanganyika",
    "UA": "The Ukraine, Ukraina, Ukrayina, УССР, УРСР",
    "US": (
        "USA, U.S., U.S.A., US, US of A, United States, United States of America, The States, США, ЗША, "
        "С.Ш.А., Злучаныя Штаты, Соединённые Штаты, Соединённые Штаты Америки, Сполучені Штати, Stany "
        "Zjednoczone, Stany Zjednoczone Ameryki, Vereinigte Staaten, Vereinigte Staaten von Amerika, "
        "États-Unis, Etats-Unis d'Amérique, Estados Unidos, Estados Unidos de América, EE. UU., EEUU, EUA, "
        "Stati Uniti, Stati Uniti d'America, Verenigde Staten, VS, Spojené státy, Spojené státy americké, "
        "JAV, ASV, აშშ, USA (United States of America), United States (US), United States (USA)"
    ),
    "UZ": "Узбекская Республика, Uzbek Republic",
    "VA": "Vatican, Holy See, Ватикан, Ватыкан, Watykan",
    "VN": "Viet Nam, Vietnam, Socialist Republic of Vietnam, Вьетнам, В'етнам",
    "XK": "Kosova, Republic of Kosovo, Republika Kosovo, Republika e Kosovës, Косово, Косава",
    "ZA": "RSA, Republic of South Africa, ЮАР, ПАР, РПА, SAR South Africa, S. Africa",
    "ZW": "Southern Rhodesia",
}
# Words that only tie others together.
TIES = frozenset({
    "a", "and", "d", "e", "en", "es", "et", "i", "ir", "ja", "lan", "och", "og", "si", "the", "un", "und",
    "va", "ve", "y", "и", "й", "та", "і",
})  # fmt: skip
# Words that say how a country is governed.
GOVERNED = [
    "bolivarian", "commonwealth", "de", "del", "della", "democratic", "der", "des", "di", "du", "duchy",
    "federal", "federation", "federative", "grand", "islamic", "kingdom", "królestwo", "la", "le", "of",
    "people", "peoples", "plurinational", "principality", "rep", "repubblica", "republic", "republik",
    "republika", "republique", "república", "resp", "respublika", "rzeczpospolita", "république",
    "socialist", "state", "sultanate", "union", "демократическая", "дэмакратычная", "исламская",
    "каралеўства", "королевство", "королівство", "народная", "республика", "республики", "республіка",
    "республіки", "рэспубліка", "рэспублікі", "федеративная",
]  # fmt: skip
# Without such a word these are another country, or none.
NOT_BARE = ("china", "congo", "dominican", "korea", "карэя", "китай", "конго", "корея", "кітай")
