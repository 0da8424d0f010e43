@echo off
rem 双击打开填报台；第一次用之前先照 README.md 装好程序
chcp 65001 > nul
cd /d "%~dp0"
.venv\Scripts\gongkai.exe edit
if errorlevel 1 pause
