# escape=x
