"""Claims in languages that the encoder cannot read: two each in Polish, Urdu, Chinese and Welsh, six wordings each.

Written for this bench; the stories are named in English, so that whoever reads a table knows what they are.
"""

CLAIMS_IN_LANGUAGES = {
    "Polish: the bridge on the ring road has collapsed": (
        "Zawalił się most na obwodnicy",
        "Most na obwodnicy się zawalił, nie jedźcie tamtędy",
        "Podobno zawalił się most na obwodnicy, policja wszystko zamknęła",
        "UWAGA most na obwodnicy runął",
        "Znajomy widział, jak runął most na obwodnicy",
        "Obwodnica zamknięta, bo most się zawalił",
    ),
    "Polish: the tap water is poisoned": (
        "Nie pijcie wody z kranu, jest zatruta",
        "Woda z kranu jest zatruta, dzieci trafiły do szpitala",
        "Podobno ktoś zatruł wodę w kranach",
        "Zatruta woda w kranach, kupujcie butelkowaną",
        "Sąsiadka mówi, że woda z kranu jest zatruta",
        "Woda zatruta! Nie pić z kranu!",
    ),
    "Urdu: there was firing at the railway station": (
        "ریلوے اسٹیشن پر فائرنگ ہوئی ہے",
        "اسٹیشن پر فائرنگ کی آوازیں آ رہی ہیں",
        "سنا ہے ریلوے اسٹیشن پر کسی نے فائرنگ کی ہے",
        "ریلوے اسٹیشن کے قریب فائرنگ، وہاں مت جائیں",
        "میرے بھائی نے بتایا ریلوے اسٹیشن پر فائرنگ ہوئی",
        "بریکنگ: ریلوے اسٹیشن پر فائرنگ",
    ),
    "Urdu: schools are closed tomorrow": (
        "کل تمام سکول بند رہیں گے",
        "کل سکول بند ہیں، بچوں کو گھر پر رکھیں",
        "سنا ہے کل شہر کے سارے سکول بند ہوں گے",
        "کونسل نے کل سکول بند کرنے کا اعلان کیا ہے",
        "کل سکول بند ہونے کی خبر آئی ہے",
        "تمام سکول کل بند رہیں گے، سب کو بتائیں",
    ),
    "Chinese: the chemical factory exploded": (
        "化工厂爆炸了",
        "听说化工厂发生爆炸，大家快离开",
        "化工厂那边爆炸，烟很大",
        "朋友说化工厂刚刚爆炸了",
        "突发：化工厂发生爆炸",
        "化工厂爆炸，附近的人都在撤离",
    ),
    "Chinese: the underground stops running at eight": (
        "地铁今晚八点停运",
        "听说今晚八点以后地铁全部停运",
        "地铁八点就停了，早点回家",
        "今晚地铁停运，八点之后没有车",
        "同事说地铁今晚八点停运",
        "通知：地铁今晚八点起停运",
    ),
    "Welsh: the army is coming into the town": (
        "Mae'r fyddin yn dod i'r dref",
        "Mae'r fyddin ar ei ffordd i'r dref heno",
        "Clywais fod y fyddin yn dod i'r dref",
        "Y fyddin yn dod i mewn i'r dref, yn ôl ffrind",
        "Milwyr y fyddin yn y dref yn barod, meddai fy mrawd",
        "Gwelais lorïau'r fyddin yn dod i'r dref",
    ),
    "Welsh: the hospital is full": (
        "Mae'r ysbyty yn llawn",
        "Ysbyty llawn, neb yn cael ei dderbyn",
        "Maen nhw'n dweud bod yr ysbyty yn llawn heno",
        "Peidiwch â mynd i'r ysbyty, mae'n llawn",
        "Clywais fod yr ysbyty yn llawn ac yn troi pobl i ffwrdd",
        "Yr ysbyty yn llawn dop, ambiwlansys yn aros tu allan",
    ),
}
