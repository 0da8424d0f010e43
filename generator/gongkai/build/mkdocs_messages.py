"""The Chinese of what MkDocs says about mkdocs.yml and the hand-written pages."""

import re

_TYPES = {
    "str": "一段文字",
    "int": "数",
    "float": "数",
    "bool": " true 或 false",
    "list": "列表",
    "tuple": "列表",
    "dict": "“键: 值”",
    "NoneType": "空的",
    "date": "日期",
    "datetime": "日期",
}
_CLASS = re.compile(r"<class '(?:\w+\.)*(\w+)'>")
_FILE_KINDS = {"directory": "目录", "file": "文件", "file or directory": "文件或目录"}
_PREFIX = re.compile(
    r"(?:Config value '(?P<key>[^']+)'|Sub-option '(?P<sub>[^']+)'"
    r"|Plugin '(?P<plugin>[^']+)'(?: option '(?P<option>[^']+)')?): "
)
"""What a message begins with to say which setting it is about; they may follow one another."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")

UNKNOWN_SETTING = "没有这一项，写了也不起作用"
_LIST = "应是列表，每项以“- ”开头"
_NAV = "应是列表，每一项写成“- 名称: 文件.md”，各有自己的“- ”"
_MAPPING = "应是“键: 值”的形式"
_ADDRESS = "应写成“地址:端口”，例如 127.0.0.1:8000，端口是 1 到 65535"
_URL = "应是完整的网址，以 https:// 开头，例如 https://www.example/"
_MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        (r"Required configuration not provided\.", "没有填；请补上"),
        (r"The URL isn't valid, it should include the http:// \(scheme\)", _URL),
        (r"Unable to parse the URL\.|Invalid IPv6 URL", f"网址写错了；{_URL}"),
        (r"Expected a list of items, but a (.+) was given\.", f"{_LIST}，这里是{{1}}"),
        (r"Expected a dict of items, but a (.+) was given\.", f"{_MAPPING}，这里是{{1}}"),
        (r"Expected a (?:multiline )?string, but a (.+) was given\.", "应是文字，这里是{1}"),
        (r"Expected a string, got (.+)", "应是文字，这里是{1}"),
        (r"Expected boolean but received: (.+)", "应是 true 或 false，这里是{1}"),
        (
            r"Expected type: (.+) with length (\d+|x) but received: (.+) with length (\d+|x)",
            "应有 {2} 项，这里有 {4} 项",
        ),
        (r"Expected type: .+ for keys, but received: .+ \(key=(.+)\)", "的键“{1}”应是文字"),
        (r"Expected type: (.+) but received: (.+)", "应是{1}，这里是{2}"),
        (
            r"Expected one of:? [\[(]?(.+?),?[\])]?,? (?:but received:|got) '?(.+?)'?",
            "应从 {1} 中选一个，这里写的是“{2}”",
        ),
        (
            r"The configuration option '(.+?)' was removed from MkDocs\..*",
            "现在的 MkDocs 没有“{1}”这一项；请删去",
        ),
        (
            r"The configuration option '(.+?)' has been deprecated and will be removed in a future release\..*",
            "以后的 MkDocs 不再有“{1}”这一项；请删去",
        ),
        (r"Must be a string of format 'IP:PORT'", _ADDRESS),
        (r"'(.+)' does not appear to be an IPv4 or IPv6 address", f"“{{1}}”不是地址；{_ADDRESS}"),
        (r"'(.+)' is not a valid port", f"“{{1}}”不是端口；{_ADDRESS}"),
        (
            r"The option '(.+)' has no effect when '(.+)' is set\.",
            "写了“{2}”，“{1}”就不起作用；请删去一项",
        ),
        (r"The path '(.+)' isn't an existing (.+)\.", "所指的{2} {1} 不存在；请核对名称"),
        (
            r"The path set in (\w+) \('(.+)'\) does not exist\.",
            "{1} 所指的目录 {2} 不存在；请核对名称",
        ),
        (
            r"The '(.+?)' should not be the parent directory of the config file\..*",
            "不能是 mkdocs.yml 所在的目录或它的上级；请写一个子目录",
        ),
        (
            r"The 'docs_dir' should not be within the 'site_dir'.*",
            "手写页面的目录在网站目录里面，生成网站时会被盖掉；请分开",
        ),
        (
            r"The 'site_dir' should not be within the 'docs_dir'.*",
            "网站目录在手写页面的目录里面，网站会把自己也收进去；请分开",
        ),
        (r"Unrecognised theme name: '(.+?)'\. .*", "没有安装主题“{1}”；请写 name: material"),
        (
            r"At least one of 'name' or 'custom_dir' must be defined\.",
            "没有写主题；请写 name: material 和 custom_dir: overrides",
        ),
        (r"No theme name set\.", "没有写主题的名称；请写 name: material"),
        (
            r"Invalid type (.+)\. Expected a string or key/value pairs\.",
            "应是主题的名称，或下面缩进的“键: 值”，这里是{1}",
        ),
        (r"'locale' must be a string\.", "locale 应是文字，例如 zh"),
        (
            r"The theme '(.+?)' does not appear to have a configuration file\..*",
            "主题“{1}”没有配置文件，可能太旧；请写 name: material",
        ),
        (
            r"The theme '(.+?)' inherits from '(.+?)', which does not appear to be installed\..*",
            "主题“{1}”要用的“{2}”没有安装；请写 name: material",
        ),
        (
            r"'(.+)' is not a valid Markdown Extension name\.",
            "“{1}”不是 Markdown 扩展的名称；请写名称",
        ),
        (
            r"Invalid config options for Markdown Extension '(.+)'\.",
            f"扩展“{{1}}”的选项{_MAPPING}，比扩展的名称多缩进两级",
        ),
        (r"Invalid Markdown Extensions configuration", f"{_LIST}，写 Markdown 扩展的名称"),
        (
            r"Failed to load extension '(.+?)'\.\n.*ModuleNotFoundError: .*",
            "没有安装 Markdown 扩展“{1}”；请核对名称",
        ),
        (
            r"Failed to load extension '(.+?)'\.\n.*KeyError: '(.+)'",
            "Markdown 扩展“{1}”没有选项“{2}”；请核对名称，或删去",
        ),
        (
            r"Failed to load extension '(.+?)'\.\n.*?([^\n]+)",
            "Markdown 扩展“{1}”装不上；请核对它的名称和选项（程序的原话：{2}）",
        ),
        (r"Invalid Plugins configuration.*", f"{_LIST}，写插件的名称"),
        (
            r"The \"(.+)\" plugin is not installed",
            "没有安装插件“{1}”；请核对名称，不用的请删去",
        ),
        (r"'(.+)' is not a valid plugin name\.", "“{1}”不是插件的名称；请写名称"),
        (
            r"Invalid config options for the '(.+)' plugin\.",
            f"插件“{{1}}”的选项{_MAPPING}，比插件的名称多缩进两级",
        ),
        (r"Plugin '(.+?)' was specified multiple times.*", "插件“{1}”写了两次；请删去一次"),
        (r"Cannot import path '(.+)' as a Python module", "{1} 不能作为 Python 模块读入；请核对"),
        (r"(\S+) must be a subclass of \S+", "“{1}”不是 MkDocs 的插件；请删去"),
        (
            r"Expected nav (?:to be a list|item to be .+?), got None",
            f"{_NAV}，有一项是空的；请补上",
        ),
        (
            r"Expected nav (?:to be a list|item to be .+?), got (?:a \w+: |dict with keys )?(.+)",
            f"{_NAV}，有一项写的是 {{1}}；请改正",
        ),
        (r"Unrecognised configuration name: (.+)", f"{UNKNOWN_SETTING}；请核对名称"),
        (
            r"The configuration is invalid\. Expected a key-value mapping \(dict\) but received: (.+)",
            f"{_MAPPING}，这里是{{1}}",
        ),
        (
            r"Inherited config file '(.+?)' does not exist at '(.+)'\.",
            "INHERIT 所指的文件 {1} 不存在；请核对名称",
        ),
        (r"Config file '(.+)' does not exist\.", "没有文件 {1}；请核对名称"),
        (r"Aborted with a configuration error!", "mkdocs.yml 写错了，网站没有改动"),
        (
            r"Aborted with .*'?strict'? mode!",
            "有警告，--strict 把它算作失败；网站没有改动，请照上面的警告改正",
        ),
        (r"Aborted with a BuildError!", "手写的页面没有做成，网站没有改动"),
        (
            r"Doc file '(.+?)' contains a link '(.+?)', but the target.* is not found .+ Did you mean '(.+?)'\?",
            "{1} 里的链接“{2}”没有对应的页面；是否应为“{3}”？",
        ),
        (
            r"Doc file '(.+?)' contains a link '(.+?)', but the target.* is not found among documentation files\.",
            "{1} 里的链接“{2}”没有对应的页面；请核对文件名",
        ),
        (
            r"Doc file '(.+?)' contains a link '(.+?)', but the doc '(.+?)' does not contain an anchor '#(.+?)'\.",
            "{1} 里的链接“{2}”：{3} 里没有 {{#{4}}} 这个位置；请核对",
        ),
        (
            r"Doc file '(.+?)' contains a link '(.+?)', but there is no such anchor on this page\..*",
            "{1} 里的链接“{2}”：本页没有这个位置；请核对",
        ),
        (
            r"Doc file '(.+?)' contains an absolute link '(.+?)', it was left as is\..*",
            "{1} 里的链接“{2}”以“/”开头；请改成相对于本页的",
        ),
        (
            r"Doc file '(.+?)' contains an unrecognized relative link '(.+?)', it was left as is\..*",
            "{1} 里的链接“{2}”没有对应的文件；请核对",
        ),
        (
            r"Doc file '(.+?)' contains a link to '(.+?)' which is excluded from the built site\.",
            "{1} 里的链接所指的 {2} 不会公开；请删去链接",
        ),
        (
            r"A reference to '(.+?)' is included in the 'nav' configuration, which is not found .+",
            "导航（nav）里的 {1} 不存在；请核对文件名",
        ),
        (
            r"A reference to '(.+?)' is included in the 'nav' configuration, but this file is excluded .+",
            "导航（nav）里的 {1} 不会公开；请删去这一项",
        ),
        (
            r"An absolute path to '(.+?)' is included in the 'nav' configuration, .*",
            "导航（nav）里的 {1} 以“/”开头；站内的页面请写文件名，例如 about.md",
        ),
        (
            r"The following pages exist in the docs directory, but are not included in the \"nav\" configuration:(.+)",
            "这些页面没有列在导航（nav）里：{1}",
        ),
        (
            r"Excluding '(.+?)' from the site because it conflicts with '(.+?)'\.",
            "{1} 与 {2} 的网址相同，没有公开；请改名",
        ),
        (r"Template skipped: '(.+?)' .*", "没有做模板 {1}：找不到它，或者它是空的；请核对名称"),
        (r"Error reading template '(.+?)': (.+)", "模板 {1} 写错了（程序的原话：{2}）"),
        (
            r"Encoding error reading file: (.+)",
            "{1} 不是 UTF-8 编码；请用记事本或 WPS 打开，选“另存为”，编码选“UTF-8”后保存",
        ),
        (r"File not found: (.+)", "没有文件 {1}；请核对名称"),
        (r"Error (?:reading|building) page '(.+?)':?(.*)", "页面 {1} 没有做成{2}"),
        (
            r"edit_uri: '?(.+?)'? is not a valid URL.*",
            "edit_uri 与 repo_url 合起来的“{1}”不是网址；请核对",
        ),
        (r"Path '(.+?)' uses OS-specific separator .*", "路径 {1} 用了“\\”；请改成“/”"),
        (
            r"A theme named '(.+?)' is provided by the Python packages .*",
            "有两个包都带着主题“{1}”；请卸去一个",
        ),
    )
)
"""Chinese by patterns of whole messages; digits in braces are the pattern's groups."""


def translate_mkdocs(message: str) -> str:
    """Return what MkDocs says in Chinese; MkDocs' own words, marked as such, if they are not known."""
    names, rest = split_setting(message)
    chinese = _translate(_CLASS.sub(lambda match: _TYPES.get(match[1], match[1]), rest.strip()))
    return f"mkdocs.yml 的“{names[-1]}”：{chinese}" if names else chinese


def split_setting(message: str) -> tuple[list[str], str]:
    """Return the names that say which setting a message is about, outermost first, and the rest."""
    names: list[str] = []
    while prefix := _PREFIX.match(message):
        names += [name for name in prefix.groups() if name]
        message = message[prefix.end() :]
    return names, message


def _translate(message: str) -> str:
    for pattern, chinese in _MESSAGES:
        if match := pattern.fullmatch(message):
            groups = (_FILE_KINDS.get(group or "", group or "") for group in match.groups())
            return chinese.format(match[0], *groups)
    return message if _CHINESE.search(message) else f"MkDocs 的原话：{message}"
