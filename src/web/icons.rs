//! The icons of the portal: Lucide's (ISC licence), and the seal, which is Sigillo's own.

use icondata_core::IconData;
use icondata_lu as lu;

/// A drawing's lines, and the square that they stand in.
pub(super) struct Drawing {
    lines: &'static str,
    square: &'static str,
    own: bool,
}

impl Drawing {
    /// The drawing as markup, hidden from who listens: the words stand beside it.
    pub(super) fn svg(&self, class: &str) -> String {
        let own = if self.own { " icon--own" } else { "" };
        let gap = if class.is_empty() { "" } else { " " };
        format!(
            r#"<svg class="icon{own}{gap}{class}" viewBox="{}" aria-hidden="true">{}</svg>"#,
            self.square, self.lines
        )
    }
}

/// The seal with a tick: what is active.
const SEAL_CHECK: &str = r#"<path d="M8 2.1A2.04 2.04 0 0 1 11.47 3.23A2.04 2.04 0 0 1 13.61 6.18A2.04 2.04 0 0 1 13.61 9.82A2.04 2.04 0 0 1 11.47 12.77A2.04 2.04 0 0 1 8 13.9A2.04 2.04 0 0 1 4.53 12.77A2.04 2.04 0 0 1 2.39 9.82A2.04 2.04 0 0 1 2.39 6.18A2.04 2.04 0 0 1 4.53 3.23A2.04 2.04 0 0 1 8 2.1Z"/><path d="m5.5 8.2 1.8 1.8 3.3-3.7"/>"#;

/// An icon by its name.
pub(super) fn drawing(name: &str) -> Option<Drawing> {
    if name == "seal-check" {
        return Some(Drawing {
            lines: SEAL_CHECK,
            square: "0 0 16 16",
            own: true,
        });
    }
    lucide(name).map(|icon| Drawing {
        lines: icon.data,
        square: icon.view_box.unwrap_or("0 0 24 24"),
        own: false,
    })
}

fn lucide(name: &str) -> Option<&'static IconData> {
    Some(match name {
        "activity" => lu::LuActivity,
        "alert" => lu::LuTriangleAlert,
        "archive" => lu::LuArchive,
        "ban" => lu::LuBan,
        "bell" => lu::LuBell,
        "webhook" => lu::LuWebhook,
        "book" => lu::LuBookOpen,
        "bookmark" => lu::LuBookmark,
        "box" => lu::LuBox,
        "building" => lu::LuBuilding2,
        "calendar" => lu::LuCalendar,
        "calendar-x" => lu::LuCalendarX2,
        "chart" => lu::LuChartColumn,
        "check" => lu::LuCheck,
        "chevron-down" => lu::LuChevronDown,
        "circle-check" => lu::LuCircleCheck,
        "circle-x" => lu::LuCircleX,
        "clock" => lu::LuClock,
        "code" => lu::LuCodeXml,
        "coins" => lu::LuCoins,
        "columns" => lu::LuColumns3,
        "copy" => lu::LuCopy,
        "dashed" => lu::LuCircleDashed,
        "database" => lu::LuDatabase,
        "dots" => lu::LuEllipsis,
        "down" => lu::LuArrowDown,
        "download" => lu::LuDownload,
        "edit" => lu::LuPencil,
        "exit" => lu::LuLogOut,
        "external" => lu::LuExternalLink,
        "eye" => lu::LuEye,
        "eye-off" => lu::LuEyeOff,
        "filter" => lu::LuListFilter,
        "fingerprint" => lu::LuFingerprint,
        "flask" => lu::LuFlaskConical,
        "globe" => lu::LuGlobe,
        "help" => lu::LuCircleHelp,
        "history" => lu::LuHistory,
        "home" => lu::LuHouse,
        "hourglass" => lu::LuHourglass,
        "inbox" => lu::LuInbox,
        "info" => lu::LuInfo,
        "key" => lu::LuKey,
        "keyboard" => lu::LuKeyboard,
        "laptop" => lu::LuLaptop,
        "layers" => lu::LuLayers,
        "left" => lu::LuChevronLeft,
        "link" => lu::LuLink,
        "list" => lu::LuList,
        "lock" => lu::LuLock,
        "log" => lu::LuFileText,
        "mail" => lu::LuMail,
        "map-pin" => lu::LuMapPin,
        "menu" => lu::LuMenu,
        "minus" => lu::LuMinus,
        "monitor" => lu::LuMonitor,
        "moon" => lu::LuMoon,
        "note" => lu::LuStickyNote,
        "package" => lu::LuPackage,
        "pause" => lu::LuPause,
        "pause-circle" => lu::LuCirclePause,
        "percent" => lu::LuPercent,
        "phone" => lu::LuPhone,
        "play" => lu::LuPlay,
        "plus" => lu::LuPlus,
        "print" => lu::LuPrinter,
        "puzzle" => lu::LuPuzzle,
        "refresh" => lu::LuRefreshCw,
        "right" => lu::LuChevronRight,
        "search" => lu::LuSearch,
        "send" => lu::LuSend,
        "server" => lu::LuServer,
        "settings" => lu::LuSettings,
        "shield" => lu::LuShieldCheck,
        "smartphone" => lu::LuSmartphone,
        "sun" => lu::LuSun,
        "swap" => lu::LuArrowLeftRight,
        "tag" => lu::LuTag,
        "terminal" => lu::LuTerminal,
        "trash" => lu::LuTrash2,
        "tree" => lu::LuNetwork,
        "undo" => lu::LuUndo2,
        "up" => lu::LuArrowUp,
        "updown" => lu::LuChevronsUpDown,
        "upload" => lu::LuUpload,
        "user" => lu::LuUser,
        "user-plus" => lu::LuUserPlus,
        "users" => lu::LuUsers,
        "wrench" => lu::LuWrench,
        "x" => lu::LuX,
        _ => return None,
    })
}
