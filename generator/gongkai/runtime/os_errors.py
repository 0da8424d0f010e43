"""Errors of the operating system in Chinese."""

import errno
import socket

_REASONS = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件超过了系统允许的大小",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "没有这个文件或目录",
    errno.ENOTDIR: "路径中间的一级不是目录",
    errno.EISDIR: "这是目录，不是文件",
    errno.EEXIST: "已经有同名的文件或目录",
    errno.ENOTEMPTY: "目录里还有文件",
    errno.EBUSY: "正被其他程序占用",
    errno.ETXTBSY: "正被其他程序占用",
    errno.ELOOP: "符号链接绕成了一圈",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多（用 ulimit -n 放宽）",
    errno.ENFILE: "整个系统打开的文件太多",
    errno.ENOMEM: "内存不够",
    errno.EAGAIN: "系统资源暂时不够，请稍后再试",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.EAFNOSUPPORT: "本机不支持这种地址",
    errno.ECONNREFUSED: "对方没有接受连接",
    errno.ECONNRESET: "连接被对方断开",
    errno.ETIMEDOUT: "连接超时",
    errno.EHOSTUNREACH: "连不到对方的机器",
    errno.ENETUNREACH: "网络不通",
}


def explain_os_error(error: OSError) -> str:
    """Return the reason of an operating system error in Chinese, without the file that it is about."""
    if isinstance(error, socket.gaierror):
        return "没有这个主机名"
    number = error.errno or 0
    return _REASONS.get(number) or f"系统报告错误 {number}（{error.strerror or error}）"
